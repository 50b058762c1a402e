/** What every flow node does once: answer each message with one done, tell its status, stop at once when it is closed. */
import type { Node, NodeAPI, NodeDef, NodeMessage } from "node-red";
import { type AskOptions, CemmError } from "../lib/index.js";
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
  ask: AskOptions & { signal: AbortSignal };
  /** The value of a typed input for this message. */
  value: (value: string | undefined, type: string | undefined) => Promise<unknown>;
}

type Outcome = "answered" | "stopped";

/** Ends a run early: `msg.reset` was received. */
const RESET = new Error("reset");

export class FlowNode<Answered> {
  readonly #closing = new AbortController();
  /** All that is running, and what of it messages asked for. */
  readonly #runs = new Set<AbortController>();
  readonly #asked = new Set<AbortController>();
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
      for (const run of this.#runs) run.abort();
    });
  }

  /** Aborts when the node is closed. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** Asks once. Rejects with the CemmError, after the status has told it. */
  async run(msg: NodeMessage, send: (msg: NodeMessage) => void, control = new AbortController()): Promise<Answered> {
    this.closing.throwIfAborted();
    this.#runs.add(control);
    try {
      this.status.asking();
      return await this.answer(this.#context(msg, send, control.signal));
    } catch (error) {
      throw this.#told(error, control.signal);
    } finally {
      this.#runs.delete(control);
    }
  }

  async #answerMessage(msg: NodeMessage, send: (msg: NodeMessage) => void): Promise<Outcome | undefined> {
    const control = new AbortController();
    this.#asked.add(control);
    try {
      await this.run(msg, send, control);
      this.onAnswered();
      return "answered";
    } catch (error) {
      // A closed node has no say any more: not even that it is done.
      if (this.closing.aborted) return undefined;
      if (error === RESET) return "stopped";
      throw error;
    } finally {
      this.#asked.delete(control);
    }
  }

  #context(msg: NodeMessage, send: (msg: NodeMessage) => void, signal: AbortSignal): Run {
    return {
      msg,
      send: (msg) => {
        if (!signal.aborted) send(msg);
      },
      status: this.status,
      // Whoever asks for the same thing shares the request, and it may outlive this run.
      ask: { signal, onPromise: () => signal.aborted || this.status.promised() },
      value: (value = "", type = "str") => evaluate(this.RED, this.node, msg, { value, type }),
    };
  }

  #told(error: unknown, signal: AbortSignal): unknown {
    if (this.closing.aborted || signal.reason === RESET) return signal.reason;
    this.status.failed(error);
    return error instanceof CemmError ? error : unexpected(error);
  }

  /** Polling goes on: it ends with the node. */
  #reset(): void {
    for (const run of this.#asked) run.abort(RESET);
    if (this.#asked.size > 0) this.status.stopped();
  }
}

/** A mistake of ours: told as it is, but without the foreign object. */
function unexpected(error: unknown): Error {
  return new Error(`Unexpected: ${error instanceof Error ? error.message : String(error)}`);
}
