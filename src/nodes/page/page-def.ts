/** The node's fields, checked. */
import type { NodeDef } from "node-red";
import { CemmError, describeValue, MeterOverrides, parsePath, Tariff } from "../../lib/internal.js";

export interface PageDef extends NodeDef {
  device: string;
  path?: string;
  repeat?: string | number;
  topic?: string;
  meters?: unknown;
  tariff?: unknown;
}

/** @throws CemmError `CEMM_CONFIG` */
export function pathOf({ path = "/energy" }: PageDef): string {
  const clean = parsePath(path);
  if (clean !== undefined) return clean;
  throw new CemmError(
    "CEMM_CONFIG",
    `The page's path ${describeValue(path)} cannot be used: enter letters, digits and dashes, such as /energy.`,
  );
}

/** @throws CemmError `CEMM_CONFIG` */
export function settingsOf({ meters = [], tariff = {} }: PageDef): { overrides: MeterOverrides; tariff: Tariff } {
  const [overrides, contract] = [MeterOverrides.safeParse(meters), Tariff.safeParse(tariff)];
  if (overrides.success && contract.success) return { overrides: overrides.data, tariff: contract.data };
  const what = overrides.success ? "prices" : "meters";
  throw new CemmError("CEMM_CONFIG", `The page's ${what} cannot be used. Open the node, check them, and deploy.`);
}
