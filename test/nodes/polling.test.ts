/** `repeat` of `cemm-realtime`, in real time. */
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { type Flow, flowsAtOnce, inCloud, logged } from "../support/flow.js";
import { errorOf, originOf } from "../support/flow-seen.js";
import { eventually, type TestServer, testbed } from "../support/server.js";
import { type Answer, good, inTurn, later, status } from "../support/server-answers.js";

interface Row {
  it: string;
  answer: Answer;
  properties?: Record<string, unknown>;
  /** Without a config node. */
  isIncomplete?: boolean;
  /** Through the cloud instead of on the LAN. */
  isCloud?: boolean;
  holds: (flow: Flow, server: TestServer) => Promise<void>;
}

const noPolls = (repeat: unknown, warnings: number): Row => ({
  it: `repeat ${JSON.stringify(repeat)} polls only on input, ${warnings ? "with" : "without"} a warning`,
  answer: good,
  properties: { repeat },
  holds: async (flow, server) => {
    assert.equal(logged("warn", flow).length, warnings);
    await delay(FIRST_POLL_MS);
    assert.equal(server.questions.length, 0);
    assert.deepEqual((await flow.answer()).payload, { electric_power: 193 });
  },
});
/** Longer than a fifth of a second, within which the first poll comes at an interval of 1 s. */
const FIRST_POLL_MS = 300;

const isRed = ({ fill }: { fill?: string | undefined }) => fill === "red";

const ROWS: Row[] = [
  ...[0, "0", "", undefined, null].map((repeat) => noPolls(repeat, 0)),
  ...[-1, "-5", "NaN", "soon", {}, [1, 2]].map((repeat) => noPolls(repeat, 1)),
  {
    it: "polls automatically, at the interval",
    answer: good,
    properties: { topic: "power" },
    holds: async (flow, server) => {
      const [first] = await flow.sent.take(3);
      assert.deepEqual([first?.payload, first?.topic], [{ electric_power: 193 }, "power"]);
      assert.equal(originOf(first ?? {}).interval, 1, "for nodes whose values expire");
      assert.ok(typeof first?._msgid === "string", "it has an id like every message");
      const [a = 0, , c = 0] = server.questions.map(({ at }) => at);
      assert.ok(c - a > 1200 && c - a < 4000, String(c - a));
      assert.deepEqual([flow.caught.all, flow.completed.all], [[], []], "there was no input, so none is done");
    },
  },
  {
    it: "answers an input between two polls",
    answer: good,
    properties: { repeat: 60 },
    holds: async (flow) => assert.deepEqual((await flow.answer({ payload: 1 })).payload, { electric_power: 193 }),
  },
  {
    it: "raises repeat to 1 s on the LAN, with a warning",
    answer: good,
    properties: { repeat: 0.1 },
    holds: async (flow, server) => {
      const warning = "House: Ask every: 0.1 s is too often. It is asked every 1 s.";
      assert.deepEqual(logged("warn", flow), [warning]);
      await flow.sent.take(3);
      const [a = 0, , c = 0] = server.questions.map(({ at }) => at);
      assert.ok(c - a > 1200, String(c - a));
    },
  },
  {
    it: "raises an error for the first failure of an outage, only sets the status for the following ones, and logs the recovery",
    answer: inTurn(good, status(500), status(500), good),
    holds: async (flow) => {
      const began = performance.now();
      await flow.statuses.take(2, isRed, 9000);
      await flow.statuses.take(2, ({ fill }) => fill === "green", 9000);
      const seconds = (performance.now() - began) / 1000;
      assert.equal(flow.caught.all.length, 1);
      assert.equal(errorOf(flow.caught.all[0] ?? {}).code, "CEMM_GATEWAY");
      const [line, ...more] = logged("info", flow);
      assert.deepEqual(more, []);
      const [, s, polls] = /^House: answers again after (\d+) s and (\d+) failed polls?$/.exec(line ?? "") ?? [];
      assert.equal(polls, "2");
      assert.ok(Number(s) >= 3 && Number(s) <= seconds + 1, line);
    },
  },
  {
    it: "raises a separate error for a message during an outage, and does not end the outage",
    answer: status(500),
    holds: async (flow) => {
      await flow.caught.next();
      assert.equal((await flow.error({ payload: "asked" })).code, "CEMM_GATEWAY");
      assert.equal(flow.caught.all.length, 2);
      assert.deepEqual(logged("info", flow), []);
    },
  },
  {
    it: "raises repeat to 10 s in the cloud, with a warning",
    answer: good,
    isCloud: true,
    properties: { repeat: 2 },
    holds: async (flow) => assert.match(logged("warn", flow).join(), /every 10 s/),
  },
  {
    it: "pauses after a 412 from the cloud until an input is answered, then continues polling",
    answer: inTurn(status(412), good),
    isCloud: true,
    properties: { repeat: 10 },
    holds: async (flow, server) => {
      await flow.caught.next();
      assert.equal(server.questions.length, 1);
      await flow.answer();
      await flow.sent.take(2);
      assert.equal(server.questions.length, 3);
    },
  },
  {
    it: "msg.reset stops requests by messages, not the polling",
    answer: later(100, good),
    holds: async (flow, server) => {
      await eventually(() => server.questions.length > 0, "it polls");
      await flow.end({ reset: true });
      await flow.sent.take(2);
      assert.deepEqual([flow.caught.all, logged("info", flow)], [[], []]);
      assert.ok(!flow.shown().some((line) => line.startsWith("grey")));
    },
  },
  {
    it: "sends a message for each channel with split",
    answer: good,
    properties: { split: true },
    holds: async (flow) => assert.match((await flow.sent.next()).topic ?? "", /electric_power$/),
  },
  {
    it: "raises one error, and sets the status, if the config node is missing",
    answer: good,
    isIncomplete: true,
    holds: async (flow) => {
      assert.equal(errorOf(await flow.caught.next()).code, "CEMM_CONFIG");
      await flow.statuses.take(2, isRed, 9000);
      assert.equal(flow.caught.all.length, 1);
    },
  },
];

describe("polling", () => {
  const bed = testbed();

  flowsAtOnce(
    ROWS,
    async ({ answer, properties, isIncomplete, isCloud }) => {
      const server = await bed.serve(answer);
      const node = { type: "cemm-realtime", repeat: "1", ...properties };
      if (isIncomplete) return { node, server };
      if (!isCloud) return { node, device: { host: server.host, name: "House" }, server };
      return { node, ...inCloud(server.host), server };
    },
    (flow, { holds }, { server }) => holds(flow, server),
  );
});
