import type { Node } from "node-red";
import { Problem } from "./problem.js";

export type Done = (error?: Error) => void;

/**
 * Calls `done` with or without an error. Node-RED copies the message for catch and complete nodes; a message that
 * cannot be copied throws outside of any flow, which would end the process.
 */
export function endMessage(node: Node, done: Done, error?: Error): void {
  try {
    done(error && new Problem(error));
  } catch (thrown) {
    node.error(`${error ? `${error.message} ` : ""}The message could not be handed on: ${messageOf(thrown)}`);
  }
}

/** For anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
