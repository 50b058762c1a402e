/**
 * Lost answers. Times are scaled down from the default timeout of 30 s: everything but the polls of a promise depends
 * only on the timeout.
 */
import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";
import type { CemmClient } from "../../../src/lib/index.js";
import { fixtureText } from "../../support/fixtures.js";
import { NO_SEARCH, type RouteName, testbed, UID } from "../../support/server.js";
import { type Answer, body, good, hanging, inTurn, promised, silence } from "../../support/server-answers.js";
import { nothingEscaped } from "../support/process-events.js";
import { rowsHold } from "../support/rows.js";

/** The default timeout, and how long a caller may wait after one lost answer, in s. */
const TIMEOUT = 30;
const BOUND = 12;

const root = body(fixtureText("lan/info"));

interface Loss {
  it: string;
  route: RouteName;
  /** Whether a MAC address is set, so that each answer must be verified to be that CEMM's. */
  isWanted?: boolean;
  answers: Answer[];
  root?: Answer[];
}

const LOSSES: Loss[] = [
  { it: "the LAN's first answer", route: "lan", answers: [silence, good] },
  { it: "half of the LAN's first answer", route: "lan", answers: [hanging, good] },
  { it: "the answer with the CEMM's identity", route: "lan", answers: [good], root: [silence, root] },
  { it: "the first answer of a CEMM with a MAC address", route: "lan", isWanted: true, answers: [silence, good] },
  {
    it: "the identity of a CEMM with a MAC address",
    route: "lan",
    isWanted: true,
    answers: [good],
    root: [silence, root],
  },
  {
    it: "the second answer of a CEMM with a MAC address",
    route: "lan",
    isWanted: true,
    answers: [good, silence, good],
  },
  {
    it: "the second identity of a CEMM with a MAC address",
    route: "lan",
    isWanted: true,
    answers: [good],
    root: [root, silence, root],
  },
  { it: "the cloud's first answer", route: "cloud", answers: [silence, good] },
  { it: "half of the cloud's first answer", route: "cloud", answers: [hanging, good] },
  { it: "the cloud's promise", route: "cloud", answers: [silence, promised, good] },
  { it: "the promised answer", route: "cloud", answers: [promised, silence, good] },
  { it: "the second poll of a promise", route: "cloud", answers: [promised, promised, silence, promised, good] },
];

/** When callers ask, in s, and for which meters. */
const CALLERS: { it: string; at: number[]; aliases: string[] }[] = [
  { it: "one caller", at: [0], aliases: ["p1"] },
  { it: "two at once", at: [0, 0], aliases: ["p1", "p1"] },
  { it: "two, 4 s apart", at: [0, 4], aliases: ["p1", "p1"] },
  { it: "two, 7 s apart", at: [0, 7], aliases: ["p1", "p1"] },
  { it: "two for two meters, 4 s apart", at: [0, 4], aliases: ["p1", "s01"] },
  { it: "three, 3 s apart", at: [0, 3, 6], aliases: ["p1", "p1", "p1"] },
  { it: "four for two meters", at: [0, 2, 5, 9], aliases: ["p1", "s01", "p1", "s01"] },
  { it: "four for four meters at once", at: [0, 0, 0, 0], aliases: ["p1", "s01", "s02", "s03"] },
];

describe("every caller gets values within 12 s if an answer is lost:", () => {
  const bed = testbed();
  /** Times are a third of the real ones, except with promises. */
  const scaleOf = ({ answers }: Loss) => (answers.includes(promised) ? 1 : 1 / 3);

  async function clientOf(loss: Loss): Promise<CemmClient> {
    const { route, isWanted, answers, root: roots = [root] } = loss;
    const server = await bed.serve(inTurn(...answers), { root: inTurn(...roots) });
    return bed.over(route, server.host, {
      timeout: TIMEOUT * scaleOf(loss),
      discovery: NO_SEARCH,
      ...(isWanted && { uid: UID }),
    });
  }

  async function ask(client: CemmClient, alias: string, at: number, scale: number): Promise<void> {
    await sleep(at * scale * 1000);
    const began = performance.now();
    const { channels } = await client.realtime(alias);
    const took = (performance.now() - began) / 1000 / scale;
    assert.equal(channels.electric_power?.samples[0]?.value, 193);
    assert.ok(took < BOUND, `${took} s`);
  }

  const ROWS = LOSSES.flatMap((loss) => CALLERS.map((callers) => ({ loss, callers, it: `${loss.it}: ${callers.it}` })));
  rowsHold(
    ROWS,
    async ({ loss, callers: { at, aliases } }) => {
      const client = await clientOf(loss);
      await Promise.all(aliases.map((alias, n) => ask(client, alias, at[n] ?? 0, scaleOf(loss))));
    },
    { atOnce: 24, what: "losses" },
  );
});

describe("at most one poll in 500 fails if one answer in a hundred is lost:", () => {
  const bed = testbed();
  /** Times are a fiftieth of the real ones. */
  const SCALE = 0.02;
  const POLLERS = ["p1", "p1", "s01", "s02"];
  const POLLS = 500;
  /** Time between two polls, in s. */
  const INTERVAL = 10;
  const SHARE = 0.01;

  /** The same sequence in each run; https://en.wikipedia.org/wiki/Linear_congruential_generator */
  let seed = 1;
  const random = () => {
    seed = (seed * 1_664_525 + 1_013_904_223) % 2 ** 32;
    return seed / 2 ** 32;
  };
  const lossy =
    (answer: Answer): Answer =>
    (response, n) =>
      (random() < SHARE ? silence : answer)(response, n);

  rowsHold(
    [true, false].map((isWanted) => ({ isWanted, it: isWanted ? "with a MAC address" : "with only an address" })),
    async ({ isWanted }) => {
      const server = await bed.serve(lossy(good), { root: lossy(root) });
      const failures: unknown[] = [];
      const poll = async (alias: string) => {
        const client = bed.over("lan", server.host, {
          timeout: TIMEOUT * SCALE,
          discovery: NO_SEARCH,
          ...(isWanted && { uid: UID }),
        });
        for (let n = 0; n < POLLS; n++) {
          const pause = sleep(INTERVAL * SCALE * 1000);
          await client.realtime(alias).catch((error) => failures.push(error));
          await pause;
        }
      };
      await Promise.all(POLLERS.map(poll));
      const allowed = (POLLERS.length * POLLS) / 500;
      assert.ok(failures.length <= allowed, `${failures.length} of ${POLLERS.length * POLLS} failed, ${failures[0]}`);
    },
    { what: "lossy hours" },
  );
});

nothingEscaped();
