/** The admin routes behind the dialogs: each is a file of its own and a line here. */
import type { NodeAPI } from "node-red";
import { accountCemms } from "./account-cemms.js";
import { accountTest } from "./account-test.js";
import { deviceDiagnostics } from "./device-diagnostics.js";
import { deviceMeters } from "./device-meters.js";
import { deviceTest } from "./device-test.js";
import { type Handler, serve } from "./handler.js";
import { search } from "./search.js";
import { triggerDay } from "./trigger-day.js";

const ROUTES: ReadonlyMap<string, Handler> = new Map([
  ["/cemm/search", search],
  ["/cemm/device/test", deviceTest],
  ["/cemm/device/meters", deviceMeters],
  ["/cemm/device/diagnostics", deviceDiagnostics],
  ["/cemm/account/test", accountTest],
  ["/cemm/account/cemms", accountCemms],
  ["/cemm/trigger/day", triggerDay],
]);

export function adminRoutes(RED: NodeAPI): void {
  for (const [path, handler] of ROUTES) serve(RED, path, handler);
}
