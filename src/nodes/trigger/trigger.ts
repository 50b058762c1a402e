/** The decision in a flow: messages and the clock lead to verdicts, one after another. */
import type { Node, NodeAPI, NodeMessage } from "node-red";
import {
  type Decision,
  decide,
  decideLost,
  dueAt,
  type Thresholds,
  type TriggerRule,
  triggerRule,
} from "../../lib/index.js";
import { type Done, endMessage, textOf } from "../shared/end-message.js";
import type { Send } from "../shared/flow-node.js";
import { Alarm, steadyNow } from "./clock.js";
import { Memory, type MeterMemory } from "./memory.js";
import { meterKey, type Reading, readingsIn, topicFor, unitIn } from "./message.js";
import { payloadOf, type TriggerDef, thresholdsOf } from "./trigger-def.js";
import { TriggerStatus } from "./trigger-status.js";

export default function (RED: NodeAPI): void {
  function CemmTriggerNode(this: Node, config: TriggerDef): void {
    RED.nodes.createNode(this, config);
    new Trigger(RED, this, config);
  }
  RED.nodes.registerType("cemm-trigger", CemmTriggerNode);
}

/** A message on its way in, and when it came by the steady clock. */
type Input = { msg: NodeMessage; arrival: number; send: Send };

class Trigger {
  readonly #memory: Memory;
  readonly #status: TriggerStatus;
  readonly #alarm = new Alarm(() => this.#inTurn(() => this.#tick()).catch((error) => this.#retry(error)));
  readonly #rule: () => TriggerRule;
  readonly #thresholds: ReturnType<typeof thresholdsOf>;
  /** What is under way ends before the next begins: no message overtakes one whose values are still looked up. */
  #turn: Promise<void>;
  #isClosed = false;

  constructor(
    private readonly RED: NodeAPI,
    private readonly node: Node,
    private readonly config: TriggerDef,
  ) {
    this.#memory = new Memory(node);
    this.#status = new TriggerStatus(RED, node);
    this.#rule = ruleOf(config);
    this.#thresholds = thresholdsOf(RED, node, config);
    this.#turn = this.#start().catch((error) => node.error(error));
    node.on("input", (msg, send, done) => {
      const input = { msg, send, arrival: steadyNow() };
      this.#inTurn(() => this.#take(input)).then(
        () => this.#end(done),
        (error) => this.#fail(error, done),
      );
    });
    node.on("close", () => this.#close());
  }

  async #start(): Promise<void> {
    await this.#memory.load(steadyNow());
    for (const meter of Object.values(this.#memory.meters)) this.#watch(meter);
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const result = this.#turn.then(() => (this.#isClosed ? undefined : work()));
    this.#turn = result.catch(() => {});
    return result;
  }

  async #take(input: Input): Promise<void> {
    const { msg } = input;
    if ("reset" in msg && msg.reset) return this.#forget();
    const rule = this.#rule();
    const readings = readingsIn(msg, rule.channel);
    if (readings.length === 0) return;
    const thresholds = await this.#thresholds(rule, msg);
    for (const reading of readings) await this.#weigh(rule, thresholds, reading, input);
  }

  async #weigh(
    rule: TriggerRule,
    thresholds: Thresholds,
    reading: Reading,
    { msg, arrival, send }: Input,
  ): Promise<void> {
    const key = meterKey(msg);
    const { time, value, used } = reading;
    const { on, off } = thresholds;
    const sample = { time: time ?? Date.now(), arrival, value, used, on, off };
    const decision = decide(rule, this.#memory.meters[key]?.state, sample);
    await this.#apply(key, decision, msg, send);
    this.#status.decided(rule, decision, arrival, unitIn(msg, rule.channel));
  }

  async #tick(): Promise<void> {
    const rule = this.#rule();
    const now = steadyNow();
    for (const [key, meter] of Object.entries(this.#memory.meters)) {
      const decision = decideLost(rule, meter.state, now);
      if (decision.state === meter.state) this.#watch(meter);
      else {
        const { topic, cemm } = meter;
        const msg: NodeMessage = { _msgid: this.RED.util.generateId(), ...(topic !== undefined && { topic }), cemm };
        await this.#apply(key, decision, msg, (msg) => this.node.send(msg));
        this.#status.decided(rule, decision, now);
      }
    }
  }

  /** Says the verdict, if any, and only then keeps the state: what could not be said is tried again. */
  async #apply(key: string, { state, verdict }: Decision, msg: NodeMessage, send: Send): Promise<void> {
    const { topic, cemm } = msg;
    if (verdict) {
      const payload = await payloadOf(this.RED, this.node, this.config, msg, verdict.state);
      // It is no part of a sequence any more, and what later nodes change in it is not kept here.
      const { payload: _compared, parts: _sequence, ...rest } = msg;
      const said: NodeMessage = this.RED.util.cloneMessage(rest);
      if (!this.#isClosed) send({ ...said, payload, ...topicFor(this.config.topic, msg), trigger: verdict });
    }
    const meter = { state, topic, cemm };
    this.#memory.keep(key, meter);
    this.#watch(meter);
  }

  #watch({ state }: MeterMemory): void {
    this.#alarm.setBy(dueAt(this.#rule(), state));
  }

  #forget(): void {
    this.#memory.forget();
    this.#status.forgot();
  }

  #fail(error: unknown, done: Done): void {
    if (!this.#isClosed) this.#status.failed(error);
    this.#end(done, error instanceof Error ? error : new Error(textOf(error)));
  }

  /** A closed node has no say any more. */
  #end(done: Done, error?: Error): void {
    if (!this.#isClosed) endMessage(this.node, done, error);
  }

  #retry(error: unknown): void {
    this.node.error(error, { _msgid: this.RED.util.generateId() });
    this.#alarm.setBy(steadyNow() + this.#rule().lostAfter);
  }

  #close(): void {
    this.#isClosed = true;
    this.#alarm.stop();
    this.#status.close();
  }
}

/** Read once; a mistake in it is the error of each message. */
function ruleOf(config: TriggerDef): () => TriggerRule {
  try {
    const rule = triggerRule(config);
    return () => rule;
  } catch (error) {
    return () => {
      throw error;
    };
  }
}
