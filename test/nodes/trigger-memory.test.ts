/** What a trigger keeps of its meters, and what happens if the context store fails. */
import assert from "node:assert/strict";
import { mock } from "node:test";
import { z } from "zod";
import { KeptState } from "../../src/lib/trigger/machine.js";
import { Memory } from "../../src/nodes/trigger/memory.js";
import { Machine, NOON } from "../lib/trigger/support.js";

const MINUTE = 60_000;
type Callback = (error?: Error | null, value?: unknown) => void;

/** A context store. The test decides what it does. */
class Store {
  readonly warnings: string[] = [];
  /** As JSON, like on a disk. */
  readonly written: string[] = [];
  onSet: (done: Callback) => void = (done) => done(null);
  onGet: (done: Callback) => void = (done) => done(null, JSON.parse(this.written.at(-1) ?? "null"));

  context() {
    return {
      get: (_key: string, done: Callback) => this.onGet(done),
      set: (_key: string, value: unknown, done: Callback) => {
        this.written.push(JSON.stringify(value));
        this.onSet(done);
      },
    };
  }

  warn(text: string): void {
    this.warnings.push(text);
  }
}

const stateAt = (value: number) => new Machine({}).sample(0, value).state ?? assert.fail();
const meter = (value = -1500) => ({ state: stateAt(value), topic: "power", cemm: { uid: "u", alias: "p1" } });
/** Lets pending callbacks run, without moving the clock. */
const settle = () => new Promise(setImmediate);

describe("a trigger's memory", () => {
  let store: Store;
  let memory: Memory;
  beforeEach(() => {
    mock.timers.enable({ apis: ["setTimeout"] });
    store = new Store();
    memory = new Memory(store);
  });
  afterEach(() => mock.timers.reset());

  it("writes a verdict immediately, and the rest every few minutes", async () => {
    memory.keep("u/p1", meter(), true);
    await settle();
    for (let n = 0; n < 100; n++) memory.keep("u/p1", meter(), false);
    await settle();
    assert.equal(store.written.length, 1);
    mock.timers.tick(5 * MINUTE);
    await settle();
    assert.equal(store.written.length, 2);
    mock.timers.tick(60 * MINUTE);
    assert.equal(store.written.length, 2);
  });

  it("writes what is left when the node is closed", async () => {
    memory.keep("u/p1", meter(), false);
    await memory.close();
    assert.equal(store.written.length, 1);
    await memory.close();
    assert.equal(store.written.length, 1);
  });

  it("restores the state after a restart, with times of the new process's clock", async () => {
    memory.keep("u/p1", meter(), true);
    const later = new Memory(store);
    await later.load(77);
    const { state, topic, cemm } = later.meters.get("u/p1") ?? assert.fail();
    assert.deepEqual([state.state, state.since, state.arrival, state.heardAt], ["on", NOON, 77, 77]);
    assert.deepEqual({ topic, cemm }, { topic: "power", cemm: { uid: "u", alias: "p1" } });
  });

  it("writes nothing that depends on the clock of this process", () => {
    memory.keep("u/p1", meter(), true);
    const Kept = z.record(
      z.string(),
      z.strictObject({ state: KeptState.strict(), topic: z.string(), cemm: z.unknown() }),
    );
    Kept.parse(JSON.parse(store.written[0] ?? ""));
  });

  it("discards invalid entries", async () => {
    store.onGet = (done) => done(null, { "u/p1": { state: { state: "maybe" } }, "u/s01": 5 });
    await memory.load(0);
    assert.equal(memory.meters.size, 0);
  });

  it("keeps at most 1,000 meters, the ones heard most recently", async () => {
    for (let n = 0; n < 1000; n++) memory.keep(`${n}/p1`, meter(), false);
    memory.keep("0/p1", meter(), false);
    memory.keep("1000/p1", meter(), true);
    assert.equal(memory.meters.size, 1000);
    assert.deepEqual([memory.meters.has("0/p1"), memory.meters.has("1/p1")], [true, false]);
    assert.equal(Object.keys(JSON.parse(store.written[0] ?? "")).length, 1000);
  });

  const FAILURES: [string, (done: Callback) => void][] = [
    [
      "throws",
      () => {
        throw new Error("disk full");
      },
    ],
    ["fails", (done) => done(new Error("disk full"))],
    ["never answers", () => {}],
  ];
  for (const [how, fail] of FAILURES) {
    it(`warns once if a write ${how}, tries again later, and reports when the store works again`, async () => {
      store.onSet = fail;
      for (let n = 0; n < 20; n++) {
        memory.keep("u/p1", meter(), true);
        mock.timers.tick(MINUTE);
        await settle();
      }
      assert.equal(store.warnings.length, 1);
      assert.match(store.warnings[0] ?? "", how === "never answers" ? /does not answer/ : /disk full/);
      store.onSet = (done) => done(null);
      const before = store.written.length;
      mock.timers.tick(5 * MINUTE);
      await settle();
      assert.ok(store.written.length > before);
      assert.match(store.warnings.slice(1).join(), /^The state is kept again\.$/);
    });

    it(`starts empty if reading the store ${how}`, async () => {
      store.onGet = fail;
      const loading = memory.load(0);
      mock.timers.tick(MINUTE);
      await loading;
      assert.equal(store.warnings.length, 1);
      assert.equal(memory.meters.size, 0);
    });
  }

  it("does not start a write while another one runs", async () => {
    const waiting: Callback[] = [];
    store.onSet = (done) => waiting.push(done);
    for (const value of [-1500, 0, -1600]) memory.keep("u/p1", meter(value), true);
    assert.equal(store.written.length, 1);
    waiting[0]?.(null);
    await settle();
    assert.equal(store.written.length, 2);
  });

  it("does not hold up a deploy if the store does not answer", async () => {
    mock.timers.reset();
    store.onSet = () => {};
    memory.keep("u/p1", meter(), false);
    const began = performance.now();
    await memory.close();
    assert.ok(performance.now() - began < 5000);
  });
});
