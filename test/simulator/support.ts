import type { z } from "zod";
import type { Given } from "../../src/simulator/options.js";
import { type Simulator, startSimulator } from "../../src/simulator/simulator.js";

/** A Wednesday in summer, 12:34:56 in Amsterdam. */
export const NOW = Date.parse("2025-07-16T12:34:56+02:00");

export const seconds = (iso: string): number => Date.parse(iso) / 1000;

const started: Simulator[] = [];

/** A simulator on free ports with a fixed clock. `closeAll` ends it. */
export async function simulate(options: Given = {}): Promise<Simulator> {
  const simulator = await startSimulator({ lanPort: 0, cloudPort: 0, udpPort: 0, now: () => NOW, ...options });
  started.push(simulator);
  return simulator;
}

export async function closeAll(): Promise<void> {
  await Promise.all(started.splice(0).map((simulator) => simulator.close()));
}

/** The n-th CEMM's local API. */
export function lan(simulator: Simulator, path: string, n = 0): Promise<Response> {
  return fetch(`http://${simulator.addresses.lan[n]}/open-api/v1/${path}`);
}

/** The cloud API, with the key; `:uid` is the first CEMM's. */
export function cloud(simulator: Simulator, path: string, query: Record<string, string> = {}): Promise<Response> {
  const search = new URLSearchParams({ api_key: simulator.apiKey, ...query });
  return fetch(`${simulator.addresses.cloud}${path.replace(":uid", simulator.uids[0] ?? "")}?${search}`);
}

export async function read<Schema extends z.ZodType>(
  answer: Promise<Response>,
  schema: Schema,
): Promise<z.infer<Schema>> {
  return schema.parse(await (await answer).json());
}
