/** Checks of examples whose results are tested elsewhere: only that they start and read their meter. */
import type { Lab } from "../lab.js";
import { EXAMPLES, nodesOf } from "../shipped.js";

export function othersThan(checks: object): Record<string, (lab: Lab) => Promise<void>> {
  return Object.fromEntries(EXAMPLES.filter((name) => !(name in checks)).map((name) => [name, startOf(name)]));
}

const startOf =
  (name: string) =>
  async ({ bench }: Lab) => {
    const polls = nodesOf(name).filter(({ type, repeat }) => type === "cemm-realtime" && Number(repeat) > 0);
    if (polls.length > 0) await bench.statuses("cemm-realtime", "green", polls.length);
  };
