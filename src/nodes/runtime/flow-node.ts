/** What every flow node does once: answer each message with one done, tell its status, stop at once when it is closed. */
import type { Node, NodeAPI, NodeDef, NodeMessage } from "node-red";
import { CemmError, type RequestOptions } from "../../lib/index.js";
import { StatusLine } from "./status.js";
import { evaluate } from "./typed-input.js";

export interface FlowDef extends NodeDef {
  topic: string;
}

/** One question, from the message that brings it to the messages that answer it. */
export interface Run {
  /** What triggered it; untouched until there is an answer. */
  msg: NodeMessage;
  send: (msg: NodeMessage) => void;
  status: StatusLine;
  /** Ends with the node, or with `msg.reset`. */
  ask: RequestOptions & { signal: AbortSignal };
  /** The value of a typed input for this message. */
  value: (value: string | undefined, type: string | undefined) => Promise<unknown>;
}

type Outcome = "answered" | "stopped";

/** Ends a run early: `msg.reset` was received. */
const RESET = new Error("reset");

export class FlowNode<Answered> {
  readonly #closing = new AbortController();
  /** Ends what messages asked for; polling ends with the node. Renewed by each `msg.reset`. */
  #resetting = new AbortController();
  #running = 0;
  readonly status: StatusLine;

  /** `answer` asks, sends, and shows what it found; it rejects with a CemmError. */
  constructor(
    private readonly RED: NodeAPI,
    private readonly node: Node,
    private readonly answer: (run: Run) => Promise<Answered>,
    private readonly onAnswered: () => void = () => {},
  ) {
    this.status = new StatusLine(RED, node);
    // Not async: a rejection that Node-RED does not expect would end its process.
    node.on("input", (msg, send, done) => {
      if ("reset" in msg && msg.reset) {
        this.#reset();
        done();
        return;
      }
      this.#answerMessage(msg, send).then(
        (outcome) => outcome && done(),
        (error) => done(error),
      );
    });
    node.on("close", () => {
      this.#closing.abort();
      this.#resetting.abort();
    });
  }

  /** Aborts when the node is closed. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** Asks once, until `signal` ends it. Rejects with the CemmError, after the status has told it. */
  async run(msg: NodeMessage, send: (msg: NodeMessage) => void, signal = this.closing): Promise<Answered> {
    signal.throwIfAborted();
    this.status.asking();
    try {
      return await this.answer(this.#context(msg, send, signal));
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      this.status.failed(error);
      throw error instanceof CemmError ? error : unexpected(error);
    }
  }

  async #answerMessage(msg: NodeMessage, send: (msg: NodeMessage) => void): Promise<Outcome | undefined> {
    this.#running++;
    try {
      await this.run(msg, send, this.#resetting.signal);
      this.onAnswered();
      return "answered";
    } catch (error) {
      // A closed node has no say any more: not even that it is done.
      if (this.closing.aborted) return undefined;
      if (error === RESET) return "stopped";
      throw error;
    } finally {
      this.#running--;
    }
  }

  #context(msg: NodeMessage, send: (msg: NodeMessage) => void, signal: AbortSignal): Run {
    return {
      msg,
      send: (msg) => {
        if (!signal.aborted) send(msg);
      },
      status: this.status,
      ask: { signal, onPromise: () => this.status.promised() },
      value: (value = "", type = "str") => evaluate(this.RED, this.node, msg, { value, type }),
    };
  }

  #reset(): void {
    if (this.#running > 0) this.status.stopped();
    this.#resetting.abort(RESET);
    this.#resetting = new AbortController();
  }
}

/** A mistake of ours: told as it is, but without the foreign object. */
function unexpected(error: unknown): Error {
  return new Error(`Unexpected: ${error instanceof Error ? error.message : String(error)}`);
}
