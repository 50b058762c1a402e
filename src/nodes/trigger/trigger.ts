/** The trigger in a flow: messages and the clock lead to verdicts, one at a time. */
import { setImmediate as nextTurn } from "node:timers/promises";
import type { Node, NodeAPI, NodeMessage } from "node-red";
import {
  type Decision,
  decide,
  decideLost,
  dueAt,
  type Thresholds,
  type TriggerRule,
  type TriggerState,
  type TriggerVerdict,
  triggerRule,
} from "../../lib/internal.js";
import { LifeCycle, type Send } from "../shared/life-cycle.js";
import { Problem } from "../shared/problem.js";
import { StatusLine } from "../shared/status.js";
import { Alarm, monotonicNow } from "./clock.js";
import { Memory, type MeterMemory } from "./memory.js";
import { meterKey, type Reading, readingsIn, topicOf, unitIn } from "./message.js";
import { triggerStatus } from "./status.js";
import { type TriggerDef, thresholdsFor } from "./thresholds.js";
import { verdictMessage } from "./verdict.js";

export default function (RED: NodeAPI): void {
  function CemmTriggerNode(this: Node, config: TriggerDef): void {
    RED.nodes.createNode(this, config);
    new Trigger(RED, this, config);
  }
  RED.nodes.registerType("cemm-trigger", CemmTriggerNode);
}

/** An incoming message, and its arrival by the monotonic clock. */
interface Input {
  msg: NodeMessage;
  arrival: number;
  send: Send;
}

/** Readings of one message per turn of the event loop: a millisecond or two of work. */
const SLICE = 500;

class Trigger {
  readonly #memory: Memory;
  readonly #status: StatusLine;
  readonly #life: LifeCycle;
  readonly #alarm = new Alarm(() => this.#inTurn(() => this.#tick()).catch((error) => this.node.error(error)));
  readonly #rule: () => TriggerRule;
  /** Processed one after another, so that no message overtakes one whose values are still being evaluated. */
  #turn: Promise<void>;

  constructor(
    private readonly RED: NodeAPI,
    private readonly node: Node,
    private readonly config: TriggerDef,
  ) {
    this.#memory = new Memory(node);
    this.#status = new StatusLine(RED, node);
    this.#rule = ruleOf(config);
    this.#turn = this.#start().catch((error) => node.error(error));
    this.#life = new LifeCycle(node, this.#status, {
      onMessage: (msg, send) => {
        const input = { msg, send, arrival: monotonicNow() };
        return this.#inTurn(() => this.#take(input));
      },
      onClose: () => this.#close(),
    });
  }

  async #start(): Promise<void> {
    await this.#memory.load(monotonicNow());
    for (const { state } of this.#memory.meters.values()) this.#watch(state);
  }

  #inTurn(work: () => Promise<void>): Promise<void> {
    const result = this.#turn.then(() => (this.#life.isClosed ? undefined : work()));
    this.#turn = result.catch(() => {});
    return result;
  }

  async #take(input: Input): Promise<void> {
    const { msg } = input;
    if ("reset" in msg && msg.reset) return this.#forget();
    const rule = this.#rule();
    const readings = await this.#read(msg, rule.channel);
    if (readings.length === 0) return;
    const thresholds = await thresholdsFor(this.RED, this.node, this.config, rule, msg);
    await this.#weigh(rule, thresholds, readings, input);
  }

  /** Reads all values before the first decision, so that a message with an error changes nothing. */
  async #read(msg: NodeMessage, channel: string): Promise<Reading[]> {
    const readings: Reading[] = [];
    let count = 0;
    for (const reading of readingsIn(msg, channel)) {
      if (reading) readings.push(reading);
      if (++count % SLICE === 0) await nextTurn();
    }
    return readings;
  }

  async #weigh(rule: TriggerRule, { on, off }: Thresholds, readings: Reading[], input: Input): Promise<void> {
    const { msg, arrival, send } = input;
    const key = meterKey(msg);
    for (const [n, { time, value, used }] of readings.entries()) {
      if (n > 0 && n % SLICE === 0) await nextTurn();
      if (this.#life.isClosed) return;
      const sample = { time: time ?? Date.now(), arrival, value, used, on, off, inRecord: n > 0 };
      const decision = decide(rule, this.#memory.meters.get(key)?.state, sample);
      if (decision.verdict) await this.#say(decision.verdict, msg, send);
      this.#keep(key, decision, msg);
      const isLast = n === readings.length - 1;
      if (isLast && decision.value !== null) this.#show(decision, arrival, unitIn(msg, rule.channel));
    }
  }

  /** A meter whose payload cannot be made does not affect the others. */
  async #tick(): Promise<void> {
    const [rule, now, topics] = [this.#rule(), monotonicNow(), this.#topicsInUse()];
    for (const [key, meter] of [...this.#memory.meters]) {
      const { state } = meter;
      const decision = decideLost(rule, state, now);
      const isReplaced = state.isResumed && topics.has(this.#topicOf(meter));
      if (decision.state === state) this.#watch(state);
      else if (decision.verdict && isReplaced) this.#memory.forget(key);
      else await this.#lose(key, meter, decision, now);
    }
  }

  async #lose(key: string, { state, topic, cemm }: MeterMemory, decision: Decision, now: number): Promise<void> {
    const msg: NodeMessage = { _msgid: this.RED.util.generateId(), ...(topic !== undefined && { topic }), cemm };
    try {
      // The last sample is from before the start, so a time derived from it is too old.
      const since = state.isResumed ? { since: Date.now() } : {};
      if (decision.verdict) await this.#say({ ...decision.verdict, ...since }, msg, (msg) => this.node.send(msg));
      this.#keep(key, decision, msg);
      this.#show(decision, now);
    } catch (error) {
      this.node.error(new Problem(error), msg);
      this.#alarm.setBy(now + this.#rule().lostAfter);
    }
  }

  /** The topics of the meters with a message since the start. */
  #topicsInUse(): ReadonlySet<unknown> {
    const heard = [...this.#memory.meters.values()].filter(({ state }) => !state.isResumed);
    return new Set(heard.map((meter) => this.#topicOf(meter)));
  }

  #topicOf(meter: MeterMemory): string | undefined {
    return topicOf(this.config.topic, meter);
  }

  /** Called before the state is stored, so that a message that could not be sent is tried again. */
  async #say(verdict: TriggerVerdict, msg: NodeMessage, send: Send): Promise<void> {
    const message = await verdictMessage(this.RED, this.node, this.config, verdict, msg);
    if (!this.#life.isClosed) send(message);
  }

  #keep(key: string, { state, verdict }: Decision, { topic, cemm }: NodeMessage): void {
    this.#memory.keep(key, { state, topic, cemm }, verdict !== undefined);
    this.#watch(state);
  }

  #watch(state: TriggerState): void {
    this.#alarm.setBy(dueAt(this.#rule(), state));
  }

  #show(decision: Decision, now: number, unit = ""): void {
    this.#status.value(() => triggerStatus(this.RED, this.#rule(), decision, now, unit));
  }

  #forget(): void {
    this.#memory.forgetAll();
    this.#status.clear();
  }

  #close(): Promise<void> {
    this.#alarm.stop();
    return this.#memory.close();
  }
}

/** Parsed once; an error in it is raised for each message. */
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
