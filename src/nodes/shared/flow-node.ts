/** What the nodes that ask a CEMM share: from the message or timer that triggers a request to its answer. */
import type { Node, NodeAPI, NodeDef, NodeMessage } from "node-red";
import { CemmError, type RequestOptions } from "../../lib/internal.js";
import type { Field } from "./field.js";
import { LifeCycle, type Send } from "./life-cycle.js";
import { StatusLine } from "./status.js";
import { evaluate } from "./typed-input.js";

export interface FlowDef extends NodeDef {
  topic: string;
}

/** The context of one request, from the message that triggers it to the messages that answer it. */
export interface Run {
  /** The message that triggered it; unchanged until there is an answer. */
  msg: NodeMessage;
  send: Send;
  status: StatusLine;
  /** For the client. The signal aborts with the node, or with `msg.reset`. */
  options: RequestOptions & { signal: AbortSignal };
  /** The value of a typed input for this message. */
  value: (field: Field) => Promise<unknown>;
}

/** Maximum number of waiting messages of a node: each takes memory, and all may end in one turn of the event loop. */
const MAX_WAITING = 10_000;

const RESET = new Error("reset");

interface FlowNodeOptions {
  /** Whether it also polls. */
  isPolling?: boolean;
  onAnswered?: () => void;
}

export class FlowNode<Answered> {
  readonly #life: LifeCycle;
  /** Aborts the requests of messages, not polling. Renewed by each `msg.reset`. */
  #resetting = new AbortController();
  #running = 0;
  readonly #status: StatusLine;

  /** `answer` asks, sends and sets the status; it rejects with a CemmError. */
  constructor(
    private readonly RED: NodeAPI,
    private readonly node: Node,
    private readonly answer: (run: Run) => Promise<Answered>,
    private readonly options: FlowNodeOptions = {},
  ) {
    this.#status = new StatusLine(RED, node);
    if (!options.isPolling) this.#status.idle();
    this.#life = new LifeCycle(node, this.#status, {
      onMessage: (msg, send) => this.#onMessage(msg, send),
      onClose: () => this.#resetting.abort(),
    });
  }

  get closing(): AbortSignal {
    return this.#life.closing;
  }

  /** Asks without a message. The status shows only the result, since it would flicker with every poll. */
  async poll(): Promise<Answered> {
    const msg = { _msgid: this.RED.util.generateId() };
    try {
      return await this.#run(msg, (msg) => this.node.send(msg), { signal: this.closing });
    } catch (error) {
      throw this.closing.aborted ? error : this.#life.failed(error);
    }
  }

  async #onMessage(msg: NodeMessage, send: Send): Promise<void> {
    if ("reset" in msg && msg.reset) return this.#reset();
    if (this.#running >= MAX_WAITING) throw tooMany(this.node);
    const { signal } = this.#resetting;
    this.#running++;
    try {
      this.#status.asking();
      await this.#run(msg, send, { signal, onPromise: () => this.#status.promised() });
      this.options.onAnswered?.();
    } catch (error) {
      if (error !== RESET) throw error;
    } finally {
      this.#running--;
    }
  }

  /** Rejects with the CemmError, or with the abort reason. */
  async #run(msg: NodeMessage, send: Send, options: Run["options"]): Promise<Answered> {
    const { signal } = options;
    signal.throwIfAborted();
    try {
      return await this.answer(this.#context(msg, send, options));
    } catch (error) {
      throw signal.aborted ? signal.reason : error;
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

  #reset(): void {
    if (this.#running > 0) this.#status.stopped();
    this.#resetting.abort(RESET);
    this.#resetting = new AbortController();
  }
}

function tooMany({ type, name, id }: Node): CemmError {
  return new CemmError(
    "CEMM_RATE_LIMITED",
    `The ${type} node "${name || id}" got too many messages at once: ${MAX_WAITING} are waiting for an answer. Send fewer, or less often.`,
    { retryable: true },
  );
}
