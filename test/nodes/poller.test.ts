/** How long a poller waits, on a clock of the test's own. */
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
  /** When each poll came, in ms. */
  polls: number[];
}

describe("the poller", () => {
  // The timers of node:test leave their listeners behind.
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
  /** Polling reads the real clock for how long a poll took: nearly nothing. */
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
    it(`first polls after a deploy are spread over a fifth of the interval (${share})`, async () => {
      random = share;
      const { seen } = start(10 * SECOND, () => undefined);
      await pass(2 * SECOND + 200, 100);
      near(seen.polls, [expected], 200);
    });
  }

  it("the first poll is never later than half a minute", async () => {
    random = 0.999;
    const { seen } = start(60 * MINUTE, () => undefined);
    await pass(31 * SECOND, SECOND);
    assert.equal(seen.polls.length, 1);
  });

  it("asks at the interval", async () => {
    const { seen } = start(10 * SECOND, () => undefined);
    await pass(35 * SECOND, SECOND);
    near(
      gaps(seen),
      [10, 10, 10].map((s) => s * SECOND),
      SECOND,
    );
  });

  it("backoff doubles from the interval, to at most 60 s on the LAN", async () => {
    random = 1;
    const { seen } = start(5 * SECOND, () => "CEMM_UNREACHABLE");
    await pass(MINUTE * 4.5, SECOND);
    near(
      gaps(seen),
      [10, 20, 40, 60, 60, 60].map((s) => s * SECOND),
      SECOND,
    );
  });

  it("backoff doubles from the interval, to at most 5 min on the cloud", async () => {
    random = 1;
    const { seen } = start(MINUTE, () => "CEMM_GATEWAY", "cloud");
    await pass(17 * MINUTE, 5 * SECOND);
    near(
      gaps(seen),
      [2, 4, 5, 5].map((m) => m * MINUTE),
      5 * SECOND,
    );
  });

  it("backoff is jittered, and never shorter than the interval", async () => {
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

  it("backoff is reset by success", async () => {
    random = 1;
    const { seen } = start(10 * SECOND, (n) => (n === 1 || n === 2 || n === 4 ? "CEMM_TIMEOUT" : undefined));
    await pass(95 * SECOND, SECOND);
    near(
      gaps(seen),
      [20, 40, 10, 20].map((s) => s * SECOND),
      SECOND,
    );
  });

  it("after 401/403: every 15 min", async () => {
    const { seen } = start(10 * SECOND, () => "CEMM_UNAUTHORIZED", "cloud");
    await pass(46 * MINUTE, 10 * SECOND);
    near(
      gaps(seen),
      [15, 15, 15].map((m) => m * MINUTE),
      10 * SECOND,
    );
  });

  it("after 412 of the cloud: every 15 min, or at once after an input that was answered", async () => {
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

  it("a meter that a CEMM on the LAN does not have: asked at least every minute, since the CEMM may be starting", async () => {
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
    it(`a Retry-After ${what}`, async () => {
      random = 1;
      const { seen } = start(10 * SECOND, (n) => (n === 1 ? code : undefined), "cloud", asked * MINUTE);
      await pass(61 * MINUTE, 10 * SECOND);
      near(gaps(seen).slice(0, 1), [expected * MINUTE], 10 * SECOND);
    });
  }

  it("after the machine slept: one poll at once, then at the interval", async () => {
    let slept = 0;
    const clock = Date.now.bind(Date);
    mock.method(Date, "now", () => clock() + slept);
    const { seen } = start(60 * MINUTE, () => undefined);
    await pass(MINUTE, SECOND);
    assert.equal(seen.polls.length, 1);
    slept = 8 * 60 * MINUTE;
    await pass(10 * MINUTE, SECOND);
    assert.equal(seen.polls.length, 2, "not one for each that was missed");
    assert.ok((seen.polls[1] ?? 0) <= MINUTE + 10 * SECOND);
    await pass(52 * MINUTE, SECOND);
    assert.equal(seen.polls.length, 3);
  });

  it("a calendar clock that is set back delays nothing", async () => {
    let back = 0;
    const clock = Date.now.bind(Date);
    mock.method(Date, "now", () => clock() - back);
    const { seen } = start(MINUTE, () => undefined);
    await pass(30 * SECOND, SECOND);
    back = 24 * 60 * MINUTE;
    await pass(3 * MINUTE, SECOND);
    assert.equal(seen.polls.length, 4);
  });

  it("an input that comes while it polls changes nothing", async () => {
    const { seen, poller } = start(10 * SECOND, () => undefined);
    await pass(5 * SECOND, SECOND);
    poller.resume();
    await pass(4 * SECOND, SECOND);
    assert.equal(seen.polls.length, 1);
  });

  it("the first failure of an outage is reported, the following ones are not; so is the recovery, with the number of polls", async () => {
    const { seen } = start(SECOND, (n) => (n % 4 === 0 ? undefined : "CEMM_TIMEOUT"));
    await pass(MINUTE, 100);
    assert.ok(seen.recoveries.length >= 2);
    assert.deepEqual(new Set(seen.recoveries), new Set([3]));
    assert.ok(seen.outages.length - seen.recoveries.length <= 1);
  });

  it("does not pile up: the next poll waits for the one that runs", async () => {
    const answers: (() => void)[] = [];
    const { seen } = start(SECOND, () => new Promise((resolve) => answers.push(() => resolve("lan"))));
    await pass(10 * SECOND, SECOND);
    assert.equal(seen.polls.length, 1);
    answers[0]?.();
    await pass(2 * SECOND, SECOND);
    assert.equal(seen.polls.length, 2);
    answers[1]?.();
  });

  it("in auto, the limits of the route that answered hold", async () => {
    const { seen } = start(SECOND, () => "cloud");
    await pass(31 * SECOND, SECOND);
    assert.equal(seen.polls.length, 4);
  });

  it("in auto, a denial of the cloud takes the usual backoff: the LAN may answer again at any time", async () => {
    random = 1;
    const { seen } = start(SECOND, (n) => (n > 1 ? "CEMM_UNAUTHORIZED" : "cloud"));
    await pass(14 * MINUTE, SECOND);
    assert.ok(seen.polls.length > 4, String(seen.polls.length));
    assert.deepEqual(seen.recoveries, []);
  });

  for (const interval of [1e15, Number.POSITIVE_INFINITY]) {
    it(`an interval that no timer can hold does not fire at once: ${interval}`, async () => {
      const { seen } = start(interval, () => undefined);
      await pass(60 * MINUTE, MINUTE);
      assert.equal(seen.polls.length, 1);
    });
  }

  it("ends with the signal: while it waits, while it polls, and while it has stopped", async () => {
    for (const code of [undefined, "CEMM_ALIAS_UNSUPPORTED", "CEMM_TIMEOUT"] as const) {
      const { seen } = start(SECOND, () => code);
      await pass(SECOND / 10, SECOND / 10);
      closing.abort();
      await Promise.all(running);
      await pass(MINUTE, MINUTE);
      assert.equal(seen.polls.length, 1);
      closing = new AbortController();
    }
  });
});
