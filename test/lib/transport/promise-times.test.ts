/** When a promised answer is polled. Times in ms, by the test's own clock. */
import assert from "node:assert/strict";
import { type Promised, PromiseSchedule } from "../../../src/lib/transport/promise.js";

/** The time from a poll to its answer. */
const LATENCIES = [0, 2, 40, 100, 300];
const FOREVER = Number.POSITIVE_INFINITY;

/** The ages of the promise at which polls are sent before `until`, each answered after `latency`. */
function pollAges(until: number, latency: number, answer: (age: number) => Omit<Promised, "sentAt">): number[] {
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
/** The first wait if answers come immediately. */
const [FIRST_WAIT = 0] = pollAges(1, 0, same);

describe("a promised answer", () => {
  it("is polled after 250 ms", () => assert.equal(FIRST_WAIT, 250));

  for (const latency of LATENCIES) {
    it(`is polled less and less often, with a last poll at 9.8 to 9.95 s, at a latency of ${latency} ms`, () => {
      const ages = pollAges(11_000, latency, same);
      const waits = ages.map((age, n) => age - (ages[n - 1] ?? 0) - latency);
      assert.ok(waits.every((wait) => wait >= FIRST_WAIT) && ages.length <= 12, `${ages.length} polls`);
      assert.ok(ages.some((age) => age >= 9800 && age <= 9950));
    });
  }

  // With a higher latency, polls would have to be closer together than the first wait.
  for (const latency of LATENCIES.filter((each) => each * 2.5 <= FIRST_WAIT)) {
    it(`is fetched within half of its age plus the first wait, and within 2 s, at a latency of ${latency} ms`, () => {
      const ages = pollAges(11_000, latency, same);
      for (let ready = latency + FIRST_WAIT; ready <= 9_800; ready++) {
        // The answer takes half a round trip from the CEMM to the client.
        const late = (ages.find((age) => age >= ready) ?? Number.NaN) + latency / 2 - ready;
        assert.ok(late <= Math.min(ready / 2 + FIRST_WAIT, 2000), `${late} ms after ${ready}`);
      }
    });
  }

  it("is polled less and less often, even if the id changes each time", () => {
    let count = 0;
    const ages = pollAges(20_000, 2, () => ({ promise: String(count++), retryAfter: undefined }));
    assert.ok(ages.length < 18, `${ages.length} polls`);
  });

  it("with a new id is a new promise, with its own last poll", () => {
    const ages = pollAges(22_000, 40, (age) => ({ promise: age < 10_000 ? "a" : "b", retryAfter: undefined }));
    const began = ages.find((age) => age >= 10_000) ?? 0;
    assert.ok(ages.some((age) => age - began >= 9800 && age - began <= 9950));
  });

  it("is polled after the server's Retry-After, but not before the first wait", () => {
    const schedule = new PromiseSchedule();
    assert.equal(schedule.next({ promise: "a", sentAt: 0, retryAfter: 3000 }, 10, FOREVER), 3000);
    assert.equal(schedule.next({ promise: "a", sentAt: 0, retryAfter: 0 }, 10, FOREVER), FIRST_WAIT);
  });

  it("is polled for the last time 0.2 s before the last caller's deadline", () => {
    const schedule = new PromiseSchedule();
    assert.equal(schedule.next({ promise: "a", sentAt: 0, retryAfter: 60_000 }, 10, 5000), 4800);
    assert.equal(schedule.next({ promise: "a", sentAt: 0, retryAfter: undefined }, 10, 200), undefined);
  });
});
