/** Two workers, and in mid-run one of the fleet dies or hangs: what is asked again, how long nothing comes, what is lost. */
import { setTimeout as pause } from "node:timers/promises";
import { type Fleet, liveJobs } from "../../test/fleet/fleet.js";
import { type Check, check } from "../support/report.js";
import { account, Order, paceOf, rounded, WINDOW } from "./order.js";

/** What happens to whom. `back`: when it was there again, epoch ms; without: nobody waits for it. */
interface Fault {
  name: string;
  happens: (fleet: Fleet) => Promise<{ back?: number }>;
  /** What must hold beside that nothing is lost or doubled. */
  goals: (seen: Seen) => Check[];
}

interface Seen {
  order: Order;
  /** When it happened, epoch ms. */
  at: number;
  repeats: number;
  /** How long until something came after it was there again, s. */
  backAfter: number;
}

const HANG_MS = 20_000;
const AWAY_MS = 3000;

const restarts = (who: (fleet: Fleet) => Fleet["broker"] | undefined, ms = 0) => {
  return async (fleet: Fleet) => {
    const program = who(fleet);
    await program?.kill();
    await pause(ms);
    await program?.begin();
    return { back: Date.now() };
  };
};
const repeatsAtMost = (limit: number) => {
  return ({ repeats }: Seen) => [check("jobs sent again", repeats, "<=", limit)];
};

const FAULTS: Fault[] = [
  {
    name: "SIGKILL of a worker",
    async happens({ workers: [, victim] }) {
      await victim?.kill();
      await pause(AWAY_MS);
      await victim?.begin();
      return {};
    },
    goals: (seen) => [
      ...repeatsAtMost(WINDOW)(seen),
      check(
        "seconds until its jobs were sent again",
        ((seen.order.repeated().at(-1)?.time ?? Number.POSITIVE_INFINITY) - seen.at) / 1000,
        "<=",
        2,
      ),
    ],
  },
  {
    name: "SIGSTOP of a worker for 20 s",
    async happens({ workers: [, victim] }) {
      await victim?.freeze(HANG_MS);
      return {};
    },
    goals: (seen) => [
      ...repeatsAtMost(WINDOW)(seen),
      check("pace of the other worker to that before", paceKept(seen), ">=", 0.8),
    ],
  },
  {
    name: "kill -9 of the dispatcher",
    happens: restarts(({ dispatcher }) => dispatcher),
    goals: repeatsAtMost(WINDOW),
  },
  { name: "kill -9 of the collector", happens: restarts(({ collector }) => collector), goals: repeatsAtMost(WINDOW) },
  {
    name: "kill -9 of the broker, 3 s away",
    happens: restarts(({ broker }) => broker, AWAY_MS),
    goals: ({ backAfter }) => [check("seconds until a result came after its return", backAfter, "<=", 3)],
  },
];

/** How the worker that does not hang goes on, to how it went before. */
function paceKept({ order, at }: Seen): number {
  const times = order.done("w1");
  const [first = at] = times;
  return paceOf(times, at, at + HANG_MS) / paceOf(times, first, at);
}

export async function faultChecks(fleet: Fleet): Promise<Check[]> {
  const table: Record<string, object> = {};
  const checks: Check[] = [];
  for (const { name, happens, goals } of FAULTS) {
    const order = new Order(fleet, liveJobs(fleet, 1));
    await order.reached(1 / 3);
    const at = Date.now();
    const { back } = await happens(fleet);
    await order.finished();
    const repeats = order.repeated().length;
    const backAfter = back === undefined ? 0 : order.backAfter(back);
    const { lost, doubled } = await account(fleet, order.jobs);
    const seconds = { stall: order.stall(at), back: backAfter, "all that was open": order.recoveredAfter(at) };
    table[name] = { repeats, ...rounded(seconds), lost, doubled };
    const all = [check("lost", lost, "<=", 0), check("doubled in the database", doubled, "<=", 0)];
    checks.push(
      ...[...all, ...goals({ order, at, repeats, backAfter })].map((each) => ({
        ...each,
        what: `${name}: ${each.what}`,
      })),
    );
  }
  console.log("\nTwo workers, 1,000 jobs, and what happens at a third of them; times in s");
  console.table(table);
  return checks;
}
