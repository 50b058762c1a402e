/** The dispatcher's ledger, as the example holds it: what it hands out, to whom, and what becomes of it. */
import assert from "node:assert/strict";
import { createRequire } from "node:module";
import { setTimeout as pause } from "node:timers/promises";
import type { NodeAPI, NodeMessage } from "node-red";
import { z } from "zod";
import { nodeOf } from "../support/flow.js";
import { Capture } from "../support/node-red-capture.js";
import helper from "../support/node-red-helper.js";
import { nodeRedModule } from "../support/node-red-path.js";
import { exampleFlow } from "./example.js";

const functionNode: (RED: NodeAPI) => void = createRequire(nodeRedModule)(
  "@node-red/nodes/core/function/10-function.js",
);

const Job = z.object({
  topic: z.string(),
  payload: z.object({ kind: z.string(), uid: z.string(), alias: z.string(), slot: z.string(), until: z.number() }),
  correlationData: z.instanceof(Buffer),
  responseTopic: z.literal("cemm/result"),
});
const Failed = z.object({ payload: z.object({ job: z.string(), tries: z.number(), code: z.string() }) });

/** The time that the ledger takes for an event, with much to spare: what must not come would have come by then. */
const QUIET_MS = 50;

class Dispatcher {
  readonly jobs = new Capture<{ by: string; job: string }>("job");
  readonly failed = new Capture<z.infer<typeof Failed>["payload"]>("failure");

  static async start(tab: Record<string, number>): Promise<Dispatcher> {
    const types = Object.fromEntries(
      ["cemm-discover", "comment", "debug", "inject", "mqtt in", "mqtt out"].map((type) => [type, { type: "helper" }]),
    );
    const settings = { LEASE: 60, WINDOW: 2, RATE: 1000, TRIES: 3, ...tab };
    const flow = exampleFlow("1 Dispatcher", { tab: settings, types });
    const isPart = ({ type }: { type: string }) => ["tab", "function", "helper"].includes(type);
    await helper.load([functionNode], flow.filter(isPart));
    const dispatcher = new Dispatcher();
    dispatcher.#hear();
    return dispatcher;
  }

  order(...jobs: string[]): void {
    nodeOf("dispatcher-line").receive({ topic: "cemm/order", payload: jobs });
  }

  done(job: string): void {
    this.#say("dispatcher-tick-off", { topic: "cemm/done", payload: "", correlationData: Buffer.from(job) });
  }

  fails(job: string, code: string): void {
    const payload = { code, message: "It failed." };
    this.#say("dispatcher-again", { topic: "cemm/failed", payload, correlationData: Buffer.from(job) });
  }

  worker(name: string, payload: "online" | "offline", retain = false): void {
    this.#say("dispatcher-who", { topic: `cemm/worker/${name}`, payload, retain });
    this.tick();
  }

  tick(): void {
    this.#say("dispatcher-overdue", { topic: "tick" });
  }

  /** Who got what, once so many were handed out, and no more. */
  async handedOut(count: number): Promise<string[]> {
    await this.jobs.take(count);
    await pause(QUIET_MS);
    assert.equal(this.jobs.all.length, count, JSON.stringify(this.jobs.all));
    return this.jobs.all.map(({ by, job }) => `${by} ${job}`);
  }

  #say(id: string, msg: NodeMessage): void {
    nodeOf(id).receive(msg);
  }

  #hear(): void {
    const hear = (id: string, add: (msg: NodeMessage) => void) => nodeOf(id).on("input", (msg) => add(msg));
    hear("dispatcher-jobs", (msg) => {
      const { topic, payload, correlationData } = Job.parse(msg);
      const job = `${correlationData}`;
      assert.equal(`${payload.kind}/${payload.uid}/${payload.alias}/${payload.slot}`, job);
      this.jobs.add({ by: topic.replace("cemm/job/", ""), job });
    });
    hear("dispatcher-failed", (msg) => this.failed.add(Failed.parse(msg).payload));
  }
}

const A = "day/a/p1/2026-01-31";
const B = "day/b/p1/2026-01-31";
const C = "day/c/p1/2026-01-31";
const D = "day/d/p1/2026-01-31";
const E = "day/e/p1/2026-01-31";

describe("the dispatcher", () => {
  before(() => helper.startServer());
  afterEach(() => helper.unload());
  after(() => helper.stopServer());

  it("hands out nothing while there is no worker", async () => {
    const dispatcher = await Dispatcher.start({});
    dispatcher.order(A, B);
    dispatcher.tick();
    await dispatcher.handedOut(0);
    dispatcher.worker("w1", "online");
    assert.deepEqual(await dispatcher.handedOut(2), [`w1 ${A}`, `w1 ${B}`]);
  });

  it("gives the next job to whoever has most places free, and none beyond the window", async () => {
    const dispatcher = await Dispatcher.start({});
    dispatcher.worker("w1", "online");
    dispatcher.worker("w2", "online");
    dispatcher.order(A, B, C, D, E);
    await dispatcher.handedOut(4);
    assert.deepEqual(dispatcher.jobs.all.map(({ by }) => by).sort(), ["w1", "w1", "w2", "w2"]);
    const [, { by, job } = assert.fail()] = dispatcher.jobs.all;
    dispatcher.done(job);
    assert.equal((await dispatcher.handedOut(5))[4], `${by} ${E}`);
  });

  it("takes what is ordered twice for one job, whether it waits or is open", async () => {
    const dispatcher = await Dispatcher.start({});
    dispatcher.order(A, B, A, C);
    dispatcher.order(B);
    dispatcher.worker("w1", "online");
    assert.deepEqual(await dispatcher.handedOut(2), [`w1 ${A}`, `w1 ${B}`]);
    dispatcher.order(A);
    dispatcher.done(A);
    dispatcher.done(B);
    assert.equal((await dispatcher.handedOut(3))[2], `w1 ${C}`);
  });

  it("drops live readings that still wait when newer ones are ordered, but no history", async () => {
    const dispatcher = await Dispatcher.start({});
    dispatcher.order("realtime/a/p1/1", A);
    dispatcher.order("realtime/a/p1/2");
    dispatcher.worker("w1", "online");
    assert.deepEqual(await dispatcher.handedOut(2), [`w1 ${A}`, "w1 realtime/a/p1/2"]);
  });

  it("gives a worker's jobs to the others, first of all, when it goes", async () => {
    const dispatcher = await Dispatcher.start({});
    dispatcher.worker("w1", "online");
    dispatcher.order(A, B, C);
    await dispatcher.handedOut(2);
    dispatcher.worker("w1", "offline");
    await dispatcher.handedOut(2);
    dispatcher.worker("w2", "online");
    assert.deepEqual((await dispatcher.handedOut(4)).slice(2).sort(), [`w2 ${A}`, `w2 ${B}`]);
  });

  it("sends a worker its jobs again when it comes anew, but not when it was there before the dispatcher", async () => {
    const dispatcher = await Dispatcher.start({});
    dispatcher.worker("w1", "online");
    dispatcher.order(A);
    await dispatcher.handedOut(1);
    dispatcher.worker("w1", "online", true);
    await dispatcher.handedOut(1);
    dispatcher.worker("w1", "online");
    assert.deepEqual(await dispatcher.handedOut(2), [`w1 ${A}`, `w1 ${A}`]);
  });

  it("takes back what is overdue, and gives its worker one at a time until one comes back", async () => {
    const dispatcher = await Dispatcher.start({ LEASE: 0.1 });
    dispatcher.worker("w1", "online");
    dispatcher.order(A, B);
    await dispatcher.handedOut(2);
    await pause(101);
    dispatcher.tick();
    const [again = ""] = (await dispatcher.handedOut(3)).slice(2);
    dispatcher.done(again.replace("w1 ", ""));
    dispatcher.order(C);
    assert.equal((await dispatcher.handedOut(5)).length, 5);
  });

  it("does not ask again for what comes late", async () => {
    const dispatcher = await Dispatcher.start({});
    dispatcher.worker("w1", "online");
    dispatcher.order(A);
    await dispatcher.handedOut(1);
    dispatcher.worker("w1", "offline");
    dispatcher.done(A);
    dispatcher.worker("w2", "online");
    await dispatcher.handedOut(1);
  });

  for (const code of [
    "CEMM_CONFIG",
    "CEMM_INPUT",
    "CEMM_UNAUTHORIZED",
    "CEMM_ALIAS_UNSUPPORTED",
    "CEMM_NOT_SUPPORTED",
  ]) {
    it(`asks once for what fails with ${code}`, async () => {
      const dispatcher = await Dispatcher.start({});
      dispatcher.worker("w1", "online");
      dispatcher.order(A);
      await dispatcher.handedOut(1);
      dispatcher.fails(A, code);
      assert.deepEqual(await dispatcher.failed.next(), { job: A, tries: 1, code });
      dispatcher.fails(A, code);
      await dispatcher.handedOut(1);
      assert.equal(dispatcher.failed.all.length, 1);
    });
  }

  it("asks again, last of all, for what failed otherwise, and gives up after TRIES", async () => {
    const dispatcher = await Dispatcher.start({ WINDOW: 1 });
    dispatcher.worker("w1", "online");
    dispatcher.order(A, B);
    for (const [count, job] of [A, B, A, B, A].entries()) {
      await dispatcher.handedOut(count + 1);
      assert.equal(dispatcher.jobs.all.at(-1)?.job, job);
      dispatcher.fails(job, "CEMM_TIMEOUT");
    }
    const { job, tries, code } = await dispatcher.failed.next();
    assert.deepEqual([job, tries, code], [A, 3, "CEMM_TIMEOUT"]);
  });

  it("hands out RATE jobs a second, to all workers together", async () => {
    const dispatcher = await Dispatcher.start({ RATE: 20, WINDOW: 1000 });
    dispatcher.worker("w1", "online");
    dispatcher.worker("w2", "online");
    dispatcher.order(...Array.from({ length: 100 }, (_, n) => `day/${n}/p1/2026-01-31`));
    const began = Date.now();
    while (Date.now() < began + 500) {
      dispatcher.tick();
      await pause(10);
    }
    const seconds = (Date.now() - began) / 1000;
    const count = dispatcher.jobs.all.length;
    // What a quiet second saved up comes on top.
    assert.ok(count >= 20 + 20 * 0.4 && count <= 20 + 20 * seconds, `${count} jobs in ${seconds} s`);
  });

  it("knows rates below one a second", async () => {
    const dispatcher = await Dispatcher.start({ RATE: 0.5 });
    dispatcher.worker("w1", "online");
    dispatcher.order(A, B);
    dispatcher.tick();
    await dispatcher.handedOut(1);
  });
});
