/** The life of a flow node: one `done` for each message, what went wrong in the status, and nothing once the node is closed. */
import type { Node, NodeMessage } from "node-red";
import { CemmError } from "../../lib/internal.js";
import { endMessage, messageOf } from "./end-message.js";
import { copying } from "./message.js";
import type { StatusLine } from "./status.js";

/** Sends a message as one that answers the message at hand. Not after the node is closed: that is up to who sends. */
export type Send = (msg: NodeMessage) => void;

interface Work {
  /** What the node does with a message; it rejects with a CemmError. */
  onMessage: (msg: NodeMessage, send: Send) => Promise<void>;
  onClose: () => void | Promise<void>;
}

export class LifeCycle {
  readonly #closing = new AbortController();

  constructor(
    node: Node,
    private readonly status: StatusLine,
    { onMessage, onClose }: Work,
  ) {
    // Not async: a rejection that Node-RED does not expect would end its process.
    node.on("input", (msg, send, done) => {
      const end = (error?: Error) => endMessage(node, done, error);
      // A closed node has no say any more: not even that it is done.
      // Node-RED copies what it sends on more than one wire.
      onMessage(msg, (answer) => copying(() => send(answer))).then(
        () => this.isClosed || end(),
        (error) => this.isClosed || end(this.failed(error)),
      );
    });
    node.on("close", (done: () => void) => {
      this.#closing.abort();
      status.close();
      Promise.resolve(onClose()).then(done, done);
    });
  }

  /** Aborts when the node is closed. */
  get closing(): AbortSignal {
    return this.#closing.signal;
  }

  /** Shows what went wrong; the result is what Node-RED is given. */
  failed(error: unknown): Error {
    this.status.failed(error);
    // A defect of this package, or of what the node is wired to: without the foreign object.
    return error instanceof CemmError ? error : new Error(`Unexpected: ${messageOf(error)}`);
  }

  get isClosed(): boolean {
    return this.#closing.signal.aborted;
  }
}
