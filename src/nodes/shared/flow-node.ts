/** What all flow nodes share: one `done` for each message, the status, and an end to everything when the node is closed. */
import type { Node, NodeAPI, NodeDef, NodeMessage } from "node-red";
import { CemmError, type RequestOptions } from "../../lib/index.js";
import { type Done, endMessage, textOf } from "./end-message.js";
import type { Field } from "./field.js";
import { StatusLine } from "./status.js";
import { PER_TURN, Turnstile } from "./turnstile.js";
import { evaluate } from "./typed-input.js";

export interface FlowDef extends NodeDef {
  topic: string;
}

/** The context of one request, from the message that triggers it to the messages that answer it. */
export interface Run {
  /** What triggered it; untouched until there is an answer. */
  msg: NodeMessage;
  send: Send;
  status: StatusLine;
  /** For the client. The signal aborts with the node, or with `msg.reset`. */
  options: RequestOptions & { signal: AbortSignal };
  /** The value of a typed input for this message. */
  value: (field: Field) => Promise<unknown>;
}

/** Sends a message as one that answers the message at hand. */
export type Send = (msg: NodeMessage) => void;
type Outcome = "answered" | "stopped" | "closed";

/** The abort reason of `msg.reset`. */
const RESET = new Error("reset");

interface FlowNodeOptions {
  /** It also asks by itself: it does not wait for a message. */
  isPolling?: boolean;
  /** Called after each message that was answered. */
  onAnswered?: () => void;
}

export class FlowNode<Answered> {
  readonly #closing = new AbortController();
  /** Aborts what messages asked for; polling ends with the node. Renewed by each `msg.reset`. */
  #resetting = new AbortController();
  #running = 0;
  readonly #turnstile = new Turnstile();
  readonly #status: StatusLine;

  /** `answer` asks, sends, and shows what it found; it rejects with a CemmError. */
  constructor(
    private readonly RED: NodeAPI,
    private readonly node: Node,
    private readonly answer: (run: Run) => Promise<Answered>,
    private readonly options: FlowNodeOptions = {},
  ) {
    this.#status = new StatusLine(RED, node);
    if (!options.isPolling) this.#status.idle();
    // Not async: a rejection that Node-RED does not expect would end its process.
    node.on("input", (msg, send, done) => {
      if ("reset" in msg && msg.reset) this.#reset(done);
      else this.#onMessage(msg, send, done);
    });
    node.on("close", () => this.#close());
  }

  /** Aborts when the node is closed. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** Asks without a message. The status shows the result only: it would flicker with every poll. */
  poll(): Promise<Answered> {
    const msg = { _msgid: this.RED.util.generateId() };
    return this.#run(msg, (msg) => this.node.send(msg), { signal: this.closing });
  }

  #onMessage(msg: NodeMessage, send: Send, done: Done): void {
    this.#answerMessage(msg, send).then(
      (outcome) => {
        // A closed node has no say any more: not even that it is done.
        if (outcome !== "closed") endMessage(this.node, done);
      },
      (error) => endMessage(this.node, done, error),
    );
  }

  async #answerMessage(msg: NodeMessage, send: Send): Promise<Outcome> {
    const { signal } = this.#resetting;
    this.#running++;
    try {
      this.#status.asking();
      // So few are no storm; a turn of the event loop for each message would be felt.
      if (this.#running > PER_TURN) await this.#turnstile.pass();
      await this.#run(msg, send, { signal, onPromise: () => this.#status.promised() });
      this.options.onAnswered?.();
      return "answered";
    } catch (error) {
      if (this.closing.aborted) return "closed";
      if (error === RESET) return "stopped";
      throw error;
    } finally {
      this.#running--;
    }
  }

  /** Rejects with the CemmError, once the status shows it, or with the abort reason. */
  async #run(msg: NodeMessage, send: Send, options: Run["options"]): Promise<Answered> {
    const { signal } = options;
    signal.throwIfAborted();
    try {
      return await this.answer(this.#context(msg, send, options));
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      this.#status.failed(error);
      throw error instanceof CemmError ? error : unexpected(error);
    }
  }

  #context(msg: NodeMessage, send: Send, options: Run["options"]): Run {
    return {
      msg,
      send: (msg) => {
        if (!options.signal.aborted) send(msg);
      },
      status: this.#status,
      options,
      value: (field) => evaluate(this.RED, this.node, msg, field),
    };
  }

  #reset(done: Done): void {
    if (this.#running > 0) this.#status.stopped();
    this.#resetting.abort(RESET);
    this.#resetting = new AbortController();
    endMessage(this.node, done);
  }

  #close(): void {
    this.#closing.abort();
    this.#resetting.abort();
    this.#status.close();
  }
}

/** A defect of this package, or of what the node is wired to: without the foreign object. */
function unexpected(error: unknown): Error {
  return new Error(`Unexpected: ${textOf(error)}`);
}
