/** When a promised answer is looked for again. Times in ms, of a clock that the test keeps. */
import assert from "node:assert/strict";
import { type Promised, PromiseSchedule } from "../../../src/lib/transport/promise-schedule.js";

const LATENCY = 40;
const FOREVER = Number.POSITIVE_INFINITY;

/** The ages at which looks arrive at a promise of `lifetime`, each look being answered at once with `id`. */
function looks(until: number, answer: (age: number) => Omit<Promised, "sentAt">): number[] {
  const schedule = new PromiseSchedule();
  const ages: number[] = [];
  let sentAt = 0;
  for (let now = LATENCY; now < until; ) {
    const wait = schedule.next({ ...answer(sentAt), sentAt }, now, FOREVER) ?? assert.fail();
    sentAt = now + wait;
    ages.push(sentAt);
    now = sentAt + LATENCY;
  }
  return ages;
}

const same = () => ({ id: "a", retryAfter: undefined });

describe("a promised answer", () => {
  it("is looked for after 250 ms, then ever less often, but every 2 s", () => {
    const ages = looks(10_000, same);
    assert.equal(ages[0], LATENCY + 250);
    for (const [n, age] of ages.entries()) {
      const wait = age - (ages[n - 1] ?? 0);
      assert.ok(wait <= 2000 + LATENCY, `${wait} ms before ${age}`);
      assert.ok(wait <= 0.5 * (ages[n - 1] ?? 0) + 250 + LATENCY, `${wait} ms before ${age}`);
    }
  });

  it("is looked for a last time between 9.8 and 9.95 s of its age, whatever the latency", () => {
    assert.ok(looks(11_000, same).some((age) => age >= 9800 && age <= 9950));
  });

  it("costs at most one look more than growing waits alone", () => {
    const growing = [250, 625, 1187, 2031, 3296, 5195, 7195, 9195];
    assert.ok(looks(10_000, same).filter((age) => age < 10_000).length <= growing.length + 1);
  });

  it("a new id is a new promise, with a last look of its own", () => {
    const ages = looks(22_000, (age) => ({ id: age < 10_000 ? "a" : "b", retryAfter: undefined }));
    const began = ages.find((age) => age >= 10_000) ?? 0;
    assert.ok(ages.some((age) => age - began >= 9800 && age - began <= 9950));
  });

  it("the server's own Retry-After holds, though not below 250 ms", () => {
    const schedule = new PromiseSchedule();
    assert.equal(schedule.next({ id: "a", sentAt: 0, retryAfter: 3000 }, 10, FOREVER), 3000);
    assert.equal(schedule.next({ id: "a", sentAt: 0, retryAfter: 0 }, 10, FOREVER), 250);
  });

  it("is looked for 0.2 s before nobody waits any more, and not after that", () => {
    const schedule = new PromiseSchedule();
    assert.equal(schedule.next({ id: "a", sentAt: 0, retryAfter: 60_000 }, 10, 5000), 4800);
    assert.equal(schedule.next({ id: "a", sentAt: 0, retryAfter: undefined }, 10, 200), undefined);
  });
});
