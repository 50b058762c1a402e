import assert from "node:assert/strict";
import { mock } from "node:test";
import { StatusThrottle } from "../../src/nodes/shared/status-throttle.js";

describe("the throttle of statuses", () => {
  let now: number;
  let seen: { value: number; at: number }[];
  let throttle: StatusThrottle<number>;

  beforeEach(() => {
    now = 0;
    seen = [];
    mock.timers.enable({ apis: ["setTimeout"] });
    mock.method(performance, "now", () => now);
    throttle = new StatusThrottle((value) => seen.push({ value, at: now }));
  });
  afterEach(() => {
    throttle.close();
    mock.timers.reset();
    mock.restoreAll();
  });

  const values = () => seen.map(({ value }) => value);
  function pass(ms: number): void {
    for (let n = 0; n < ms; n++) {
      now++;
      mock.timers.tick(1);
    }
  }

  it("passes on the first four immediately, then the newest, and at most four in any second", () => {
    for (let n = 1; n <= 20; n++) throttle.push(n);
    assert.deepEqual(values(), [1, 2, 3, 4]);
    pass(1050);
    assert.deepEqual(values(), [1, 2, 3, 4, 20]);
    for (let n = 21; n <= 24; n++) throttle.push(n);
    assert.deepEqual(values(), [1, 2, 3, 4, 20, 21, 22, 23]);
    pass(1050);
    assert.deepEqual(values(), [1, 2, 3, 4, 20, 21, 22, 23, 24]);
    for (const [n, { at }] of seen.slice(4).entries()) assert.ok(at - (seen[n]?.at ?? 0) >= 1000, String(at));
  });

  it("passes on infrequent statuses immediately", () => {
    for (let n = 1; n <= 5; n++) {
      throttle.push(n);
      assert.equal(values().at(-1), n);
      pass(255);
    }
  });

  it("passes on nothing once it is closed", () => {
    for (let n = 1; n <= 5; n++) throttle.push(n);
    throttle.close();
    throttle.push(6);
    pass(1050);
    assert.deepEqual(values(), [1, 2, 3, 4]);
  });
});
