/** How long a poller waits, on a mocked clock. */
import assert from "node:assert/strict";
import { setMaxListeners } from "node:events";
import { mock } from "node:test";
import { CemmError, type CemmErrorCode, type RouteName } from "../../src/lib/index.js";
import { Poller } from "../../src/nodes/shared/poller.js";

const SECOND = 1000;
const MINUTE = 60 * SECOND;

interface Seen {
  outages: unknown[];
  recoveries: number[];
  /** The time of each poll, in ms. */
  polls: number[];
}

describe("the poller", () => {
  // The mock timers of node:test leave listeners behind.
  before(() => setMaxListeners(0));
  after(() => setMaxListeners(10));

  let closing: AbortController;
  let random: number;
  let running: Promise<void>[];

  beforeEach(() => {
    closing = new AbortController();
    random = 0;
    running = [];
    mock.timers.enable({ apis: ["setTimeout"] });
    mock.method(Math, "random", () => random);
  });
  afterEach(async () => {
    closing.abort();
    await Promise.all(running);
    mock.timers.reset();
    mock.restoreAll();
  });

  let now: number;
  /** Starts a poller whose n-th poll ends with the n-th outcome: an error code, or the route that answered. */
  function start(
    interval: number,
    ends: (n: number) => CemmErrorCode | RouteName | undefined | Promise<RouteName>,
    route: RouteName = "lan",
    retryAfter?: number,
  ) {
    now = 0;
    const seen: Seen = { outages: [], recoveries: [], polls: [] };
    const poller = new Poller({
      interval,
      route,
      poll: async () => {
        seen.polls.push(now);
        const end = (await ends(seen.polls.length)) ?? route;
        if (end === "lan" || end === "cloud") return end;
        throw new CemmError(end, "down", { retryAfter });
      },
      onOutage: (error) => seen.outages.push(error),
      onRecovery: ({ polls }) => seen.recoveries.push(polls),
    });
    running.push(poller.run(closing.signal));
    return { poller, seen };
  }

  async function pass(ms: number, step: number): Promise<void> {
    for (const end = now + ms; now < end; ) {
      now += step;
      mock.timers.tick(step);
      for (let n = 0; n < 10; n++) await Promise.resolve();
    }
  }

  const gaps = ({ polls }: Seen) => polls.slice(1).map((at, n) => at - (polls[n] ?? 0));
  /** How long a poll took is read from the real clock, and is nearly nothing. */
  const near = (actual: number[], expected: number[], tolerance: number) => {
    assert.equal(actual.length, expected.length, String(actual));
    for (const [n, ms] of actual.entries()) {
      assert.ok(Math.abs(ms - (expected[n] ?? 0)) <= tolerance, `${actual} instead of ${expected}`);
    }
  };

  for (const [share, expected] of [
    [0, 0],
    [0.5, SECOND],
    [0.999, 2 * SECOND],
  ] as const) {
    it(`spreads the first polls after a deploy over a fifth of the interval (${share})`, async () => {
      random = share;
      const { seen } = start(10 * SECOND, () => undefined);
      await pass(2 * SECOND + 200, 100);
      near(seen.polls, [expected], 200);
    });
  }

  it("polls for the first time within half a minute", async () => {
    random = 0.999;
    const { seen } = start(60 * MINUTE, () => undefined);
    await pass(31 * SECOND, SECOND);
    assert.equal(seen.polls.length, 1);
  });

  it("polls at the interval", async () => {
    const { seen } = start(10 * SECOND, () => undefined);
    await pass(35 * SECOND, SECOND);
    near(
      gaps(seen),
      [10, 10, 10].map((s) => s * SECOND),
      SECOND,
    );
  });

  it("doubles the backoff from the interval to at most 60 s on the LAN", async () => {
    random = 1;
    const { seen } = start(5 * SECOND, () => "CEMM_UNREACHABLE");
    await pass(MINUTE * 4.5, SECOND);
    near(
      gaps(seen),
      [10, 20, 40, 60, 60, 60].map((s) => s * SECOND),
      SECOND,
    );
  });

  it("doubles the backoff from the interval to at most 5 min in the cloud", async () => {
    random = 1;
    const { seen } = start(MINUTE, () => "CEMM_GATEWAY", "cloud");
    await pass(17 * MINUTE, 5 * SECOND);
    near(
      gaps(seen),
      [2, 4, 5, 5].map((m) => m * MINUTE),
      5 * SECOND,
    );
  });

  it("adds jitter to the backoff, which is never shorter than the interval", async () => {
    for (const [interval, expected] of [
      [10, 16],
      [70, 70],
    ] as const) {
      const { seen } = start(interval * SECOND, () => "CEMM_TIMEOUT");
      await pass(90 * SECOND, SECOND);
      near(gaps(seen).slice(0, 1), [expected * SECOND], SECOND);
      closing.abort();
      closing = new AbortController();
    }
  });

  it("resets the backoff on success", async () => {
    random = 1;
    const { seen } = start(10 * SECOND, (n) => (n === 1 || n === 2 || n === 4 ? "CEMM_TIMEOUT" : undefined));
    await pass(95 * SECOND, SECOND);
    near(
      gaps(seen),
      [20, 40, 10, 20].map((s) => s * SECOND),
      SECOND,
    );
  });

  it("polls every 15 min after 401 or 403", async () => {
    const { seen } = start(10 * SECOND, () => "CEMM_UNAUTHORIZED", "cloud");
    await pass(46 * MINUTE, 10 * SECOND);
    near(
      gaps(seen),
      [15, 15, 15].map((m) => m * MINUTE),
      10 * SECOND,
    );
  });

  it("polls every 15 min after a 412 from the cloud, or immediately once an input was answered", async () => {
    const { seen, poller } = start(
      10 * SECOND,
      (n) => (n > 1 && n < 4 ? "CEMM_ALIAS_UNSUPPORTED" : undefined),
      "cloud",
    );
    await pass(16 * MINUTE, 10 * SECOND);
    assert.equal(seen.polls.length, 3);
    poller.resume();
    await pass(12 * SECOND, SECOND);
    assert.equal(seen.polls.length, 5);
    assert.deepEqual(seen.recoveries, [2]);
  });

  it("polls a meter that a CEMM on the LAN does not have at least every minute, since the CEMM may be starting", async () => {
    const { seen } = start(10 * SECOND, () => "CEMM_ALIAS_UNSUPPORTED");
    await pass(30 * MINUTE, SECOND);
    assert.ok(Math.max(...gaps(seen)) <= MINUTE + SECOND, String(gaps(seen)));
  });

  for (const [what, asked, code, expected] of [
    ["is honoured", 10, "CEMM_RATE_LIMITED", 10],
    ["is honoured up to an hour", 600, "CEMM_GATEWAY", 60],
    ["does not shorten the backoff", 0.01, "CEMM_RATE_LIMITED", 20 / 60],
    ["does not shorten the pause after a denial", 1, "CEMM_UNAUTHORIZED", 15],
    ["lengthens the pause after a denial", 30, "CEMM_UNAUTHORIZED", 30],
  ] as const) {
    it(`Retry-After ${what}`, async () => {
      random = 1;
      const { seen } = start(10 * SECOND, (n) => (n === 1 ? code : undefined), "cloud", asked * MINUTE);
      await pass(61 * MINUTE, 10 * SECOND);
      near(gaps(seen).slice(0, 1), [expected * MINUTE], 10 * SECOND);
    });
  }

  it("polls once immediately after the machine slept, then at the interval", async () => {
    let slept = 0;
    const clock = Date.now.bind(Date);
    mock.method(Date, "now", () => clock() + slept);
    const { seen } = start(60 * MINUTE, () => undefined);
    await pass(MINUTE, SECOND);
    assert.equal(seen.polls.length, 1);
    slept = 8 * 60 * MINUTE;
    await pass(10 * MINUTE, SECOND);
    assert.equal(seen.polls.length, 2, "not once for each missed poll");
    assert.ok((seen.polls[1] ?? 0) <= MINUTE + 10 * SECOND);
    await pass(52 * MINUTE, SECOND);
    assert.equal(seen.polls.length, 3);
  });

  it("does not wait longer if the calendar clock is set back", async () => {
    let back = 0;
    const clock = Date.now.bind(Date);
    mock.method(Date, "now", () => clock() - back);
    const { seen } = start(MINUTE, () => undefined);
    await pass(30 * SECOND, SECOND);
    back = 24 * 60 * MINUTE;
    await pass(3 * MINUTE, SECOND);
    assert.equal(seen.polls.length, 4);
  });

  it("ignores an input between two polls", async () => {
    const { seen, poller } = start(10 * SECOND, () => undefined);
    await pass(5 * SECOND, SECOND);
    poller.resume();
    await pass(4 * SECOND, SECOND);
    assert.equal(seen.polls.length, 1);
  });

  it("reports the first failure of an outage only, and the recovery with the number of failed polls", async () => {
    const { seen } = start(SECOND, (n) => (n % 4 === 0 ? undefined : "CEMM_TIMEOUT"));
    await pass(MINUTE, 100);
    assert.ok(seen.recoveries.length >= 2);
    assert.deepEqual(new Set(seen.recoveries), new Set([3]));
    assert.ok(seen.outages.length - seen.recoveries.length <= 1);
  });

  it("waits with the next poll until the current one ends", async () => {
    const answers: (() => void)[] = [];
    const { seen } = start(SECOND, () => new Promise((resolve) => answers.push(() => resolve("lan"))));
    await pass(10 * SECOND, SECOND);
    assert.equal(seen.polls.length, 1);
    answers[0]?.();
    await pass(2 * SECOND, SECOND);
    assert.equal(seen.polls.length, 2);
    answers[1]?.();
  });

  it("in auto, applies the limits of the route that answered", async () => {
    const { seen } = start(SECOND, () => "cloud");
    await pass(31 * SECOND, SECOND);
    assert.equal(seen.polls.length, 4);
  });

  it("in auto, uses the usual backoff after the cloud denies access, since the LAN may answer again at any time", async () => {
    random = 1;
    const { seen } = start(SECOND, (n) => (n > 1 ? "CEMM_UNAUTHORIZED" : "cloud"));
    await pass(14 * MINUTE, SECOND);
    assert.ok(seen.polls.length > 4, String(seen.polls.length));
    assert.deepEqual(seen.recoveries, []);
  });

  for (const interval of [1e15, Number.POSITIVE_INFINITY]) {
    it(`does not fire immediately if the interval is too long for a timer: ${interval}`, async () => {
      const { seen } = start(interval, () => undefined);
      await pass(60 * MINUTE, MINUTE);
      assert.equal(seen.polls.length, 1);
    });
  }

  for (const [what, route, code] of [
    ["it waits for the next poll", "lan", undefined],
    ["it waits after a failure", "lan", "CEMM_TIMEOUT"],
    ["it waits after a failure in the cloud", "cloud", "CEMM_GATEWAY"],
    ["it waits after a denial, which is until an input is answered", "cloud", "CEMM_UNAUTHORIZED"],
  ] as const) {
    it(`ends with the signal while ${what}`, async () => {
      const { seen } = start(SECOND, () => code, route);
      await pass(SECOND / 10, SECOND / 10);
      assert.equal(seen.polls.length, 1);
      closing.abort();
      await Promise.all(running);
      await pass(20 * MINUTE, MINUTE);
      assert.equal(seen.polls.length, 1);
    });
  }

  for (const end of ["fails with the signal", "is still answered"] as const) {
    it(`ends with the signal while it polls, without an outage (the poll ${end})`, async () => {
      let finish = () => {};
      const { seen } = start(
        SECOND,
        () =>
          new Promise((resolve, reject) => {
            finish = () => (end === "is still answered" ? resolve("lan") : reject(closing.signal.reason));
          }),
      );
      await pass(SECOND / 10, SECOND / 10);
      assert.equal(seen.polls.length, 1);
      closing.abort();
      finish();
      await Promise.all(running);
      await pass(20 * MINUTE, MINUTE);
      assert.deepEqual([seen.polls.length, seen.outages, seen.recoveries], [1, [], []]);
    });
  }
});
