/** The admin routes behind the dialogs: each is a file of its own and a line here. */
import type { NodeAPI } from "node-red";
import { accountTest } from "./account-test.js";
import { deviceDiagnostics } from "./device-diagnostics.js";
import { deviceMeters } from "./device-meters.js";
import { deviceTest } from "./device-test.js";
import { type Handler, serve } from "./handler.js";
import { search } from "./search.js";
import { triggerDay } from "./trigger-day.js";

/** By their paths below `/cemm/`. */
const ROUTES = {
  search,
  "device/test": deviceTest,
  "device/meters": deviceMeters,
  "device/diagnostics": deviceDiagnostics,
  "account/test": accountTest,
  "trigger/day": triggerDay,
} satisfies Record<string, Handler>;

/** The answer type of each route, for the dialogs. */
export type Answers = { [Path in keyof typeof ROUTES]: Awaited<ReturnType<(typeof ROUTES)[Path]>> };

export function adminRoutes(RED: NodeAPI): void {
  for (const [path, handler] of Object.entries(ROUTES)) serve(RED, `/cemm/${path}`, handler);
}
