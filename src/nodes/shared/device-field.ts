import type { NodeAPI } from "node-red";
import { type CemmClient, CemmError, checkAlias, describeValue, nameOf } from "../../lib/internal.js";
import { deviceOf } from "./config-nodes.js";
import { type Field, field, inField, requireValue } from "./field.js";
import type { FlowDef, Run } from "./flow-node.js";
import type { WarnOnce } from "./warn-once.js";

export interface MeterDef extends FlowDef {
  device: string;
  alias?: string;
  aliasType?: string;
  target?: string;
  targetType?: string;
}

/** A meter of a CEMM, ready to be asked. */
export interface MeterRef {
  client: CemmClient;
  /** The config node's name. */
  device: string;
  alias: string;
  /** The target, else the configured uid, else the configured host; undefined if there is none. */
  deviceKey: string | undefined;
  /** The label of the CEMM in log lines. */
  label: string;
  /** Shared through the config node, so that its flow nodes together warn once of a CEMM's clock. */
  clockWarnings: WarnOnce;
}

/** The meter to ask. @throws CemmError `CEMM_CONFIG`, or `CEMM_INPUT` for an invalid alias or target. */
export async function meterOf(RED: NodeAPI, run: Run, config: MeterDef): Promise<MeterRef> {
  const node = deviceOf(RED, config.device, `The ${config.type} node "${config.name || config.id}"`);
  const meter = field("Meter", config.alias ?? "p1", config.aliasType);
  const alias = aliasIn(meter, await run.value(meter));
  const other = field("Other CEMM", config.target, config.targetType);
  const target = other.value === "" ? "" : targetIn(other, await run.value(other));
  const client = target === "" ? node.client() : inField(other, () => node.client().at(target));
  const { name: device = "", clockWarnings } = node;
  return { client, device, alias, deviceKey: client.uid ?? client.host, label: target || nameOf(node), clockWarnings };
}

function aliasIn(meter: Field, value: unknown): string {
  const alias = requireValue(meter, value);
  return inField(meter, () => {
    checkAlias(alias);
    return alias;
  });
}

/** Blank text is the CEMM itself; a missing property is an error, so that no other house is read by mistake. */
function targetIn(other: Field, value: unknown): string {
  if (typeof value === "string") return value.trim();
  const given = requireValue(other, value);
  return inField(other, () => {
    throw new CemmError("CEMM_INPUT", `${describeValue(given)} is not text; use a MAC address or an address.`);
  });
}
