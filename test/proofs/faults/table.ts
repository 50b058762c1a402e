/** The table: every fault, on every route that it concerns. */
import { AMPLE, FAULT_ROUTES, type Fault, type FaultRoute, type Outcome } from "./fault.js";
import { IDENTITY } from "./identity.js";
import { NETWORK } from "./network.js";
import { PAYLOAD } from "./payload.js";
import { PROMISE_FAULTS } from "./promise.js";
import { PROTOCOL } from "./protocol.js";
import { STATUS } from "./status.js";

export const FAULTS: readonly Fault[] = [NETWORK, PROTOCOL, STATUS, PROMISE_FAULTS, PAYLOAD, IDENTITY].flat();

export interface Row extends Required<Omit<Fault, "outcomes" | "root">>, Pick<Fault, "root"> {
  route: FaultRoute;
  outcome: Outcome;
}

const NAMES: Record<FaultRoute, string> = { lan: "LAN", cloud: "cloud", uid: "LAN with identity" };

export const ROWS: readonly Row[] = FAULTS.flatMap(({ timeout = AMPLE, outcomes, ...fault }) =>
  FAULT_ROUTES.flatMap((route) => {
    const outcome = outcomes[route];
    if (!outcome) return [];
    return [{ ...fault, timeout, route, outcome, it: `${NAMES[route]}: ${fault.it}: ${expectation(outcome)}` }];
  }),
);

function expectation({ code, tries }: Outcome): string {
  const asked = typeof tries === "number" ? String(tries) : tries.join(" to ");
  return `${code ?? "the right values"}, requests: ${asked}`;
}
