import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { StatusThrottle } from "../../src/nodes/shared/status-throttle.js";

describe("the throttle of statuses", () => {
  const seen: { value: number; at: number }[] = [];
  const began = performance.now();
  let throttle: StatusThrottle<number>;
  beforeEach(() => {
    seen.length = 0;
    throttle = new StatusThrottle((value) => seen.push({ value, at: performance.now() - began }));
  });
  afterEach(() => throttle.close());
  const values = () => seen.map(({ value }) => value);

  it("passes on the first four at once, then the newest, and no more in any second", async () => {
    for (let n = 1; n <= 20; n++) throttle.push(n);
    assert.deepEqual(values(), [1, 2, 3, 4]);
    await delay(1050);
    assert.deepEqual(values(), [1, 2, 3, 4, 20]);
    for (let n = 21; n <= 24; n++) throttle.push(n);
    assert.deepEqual(values(), [1, 2, 3, 4, 20, 21, 22, 23]);
    await delay(1050);
    assert.deepEqual(values(), [1, 2, 3, 4, 20, 21, 22, 23, 24]);
    for (const [n, { at }] of seen.slice(4).entries()) assert.ok(at - (seen[n]?.at ?? 0) >= 999, String(at));
  });

  it("passes on what comes seldom as it comes", async () => {
    for (let n = 1; n <= 5; n++) {
      throttle.push(n);
      assert.equal(values().at(-1), n);
      await delay(255);
    }
  });

  it("passes on nothing once it is closed", async () => {
    for (let n = 1; n <= 5; n++) throttle.push(n);
    throttle.close();
    throttle.push(6);
    await delay(1050);
    assert.deepEqual(values(), [1, 2, 3, 4]);
  });
});
