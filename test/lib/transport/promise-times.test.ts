/** When a promised answer is polled. Times in ms, of a clock that the test keeps. */
import assert from "node:assert/strict";
import { type Promised, PromiseSchedule } from "../../../src/lib/transport/promise.js";

/** From a poll to its answer. */
const LATENCIES = [0, 2, 40, 100, 300];
const FOREVER = Number.POSITIVE_INFINITY;

/** The ages at which polls are sent until then, each answered after `latency`. */
function looks(until: number, latency: number, answer: (age: number) => Omit<Promised, "sentAt">): number[] {
  const schedule = new PromiseSchedule();
  const ages: number[] = [];
  for (let sentAt = 0; sentAt < until; ) {
    const now = sentAt + latency;
    sentAt = now + (schedule.next({ ...answer(sentAt), sentAt }, now, FOREVER) ?? assert.fail());
    ages.push(sentAt);
  }
  return ages;
}

const same = () => ({ promise: "a", retryAfter: undefined });
/** For an answer that comes immediately. */
const [FIRST_LOOK = 0] = looks(1, 0, same);

describe("a promised answer", () => {
  it("is polled after 250 ms", () => assert.equal(FIRST_LOOK, 250));

  for (const latency of LATENCIES) {
    it(`is polled less and less often, and a last time between 9.8 and 9.95 s of its age, ${latency} ms away`, () => {
      const ages = looks(11_000, latency, same);
      const waits = ages.map((age, n) => age - (ages[n - 1] ?? 0) - latency);
      assert.ok(waits.every((wait) => wait >= FIRST_LOOK) && ages.length <= 12, `${ages.length} looks`);
      assert.ok(ages.some((age) => age >= 9800 && age <= 9950));
    });
  }

  // With a higher latency two polls would have to be closer to each other than the first wait.
  for (const latency of LATENCIES.filter((each) => each * 2.5 <= FIRST_LOOK)) {
    it(`comes at most half of its wait plus the first wait after it is ready, and 2 s at most, ${latency} ms away`, () => {
      const ages = looks(11_000, latency, same);
      for (let ready = latency + FIRST_LOOK; ready <= 9_800; ready++) {
        // The first poll after it is ready is answered half a round trip after it has arrived.
        const late = (ages.find((age) => age >= ready) ?? Number.NaN) + latency / 2 - ready;
        assert.ok(late <= Math.min(ready / 2 + FIRST_LOOK, 2000), `${late} ms after ${ready}`);
      }
    });
  }

  it("a new id each time is asked less and less often, too", () => {
    let count = 0;
    const ages = looks(20_000, 2, () => ({ promise: String(count++), retryAfter: undefined }));
    assert.ok(ages.length < 18, `${ages.length} looks`);
  });

  it("a new id is a new promise, with its own last poll", () => {
    const ages = looks(22_000, 40, (age) => ({ promise: age < 10_000 ? "a" : "b", retryAfter: undefined }));
    const began = ages.find((age) => age >= 10_000) ?? 0;
    assert.ok(ages.some((age) => age - began >= 9800 && age - began <= 9950));
  });

  it("the server's Retry-After applies, but not below the first wait", () => {
    const schedule = new PromiseSchedule();
    assert.equal(schedule.next({ promise: "a", sentAt: 0, retryAfter: 3000 }, 10, FOREVER), 3000);
    assert.equal(schedule.next({ promise: "a", sentAt: 0, retryAfter: 0 }, 10, FOREVER), FIRST_LOOK);
  });

  it("is polled 0.2 s before the last caller's deadline, and not after that", () => {
    const schedule = new PromiseSchedule();
    assert.equal(schedule.next({ promise: "a", sentAt: 0, retryAfter: 60_000 }, 10, 5000), 4800);
    assert.equal(schedule.next({ promise: "a", sentAt: 0, retryAfter: undefined }, 10, 200), undefined);
  });
});
