/** The life of a flow node: one `done` for each message, errors in the status, and nothing after the node is closed. */
import type { Node, NodeMessage } from "node-red";
import { CemmError } from "../../lib/internal.js";
import { copying } from "./message.js";
import { messageOf, Problem } from "./problem.js";
import type { StatusLine } from "./status.js";

/** Sends a message in answer to the current one. The caller must not use it after the node is closed. */
export type Send = (msg: NodeMessage) => void;

interface Work {
  /** Handles a message; it rejects with a CemmError. */
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
    // Not async, because Node-RED would not handle a rejection, which ends the process.
    node.on("input", (msg, send, done) => {
      const end = (error?: Error) => endMessage(node, done, error);
      // Node-RED copies a message for each further wire. A closed node does not even call `done`.
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

  /** Shows the error in the status, and returns the error for Node-RED. */
  failed(error: unknown): Error {
    this.status.failed(error);
    // Anything else is a bug of this package or of a wired node; it is reported without the foreign object.
    return error instanceof CemmError ? error : new Error(`Unexpected: ${messageOf(error)}`);
  }

  get isClosed(): boolean {
    return this.#closing.signal.aborted;
  }
}

/** Node-RED copies the message for catch and complete nodes; an error in that would end the process. */
function endMessage(node: Node, done: (error?: Error) => void, error?: Error): void {
  try {
    done(error && new Problem(error));
  } catch (thrown) {
    node.error(`${error ? `${error.message} ` : ""}The message could not be handed on: ${messageOf(thrown)}`);
  }
}
