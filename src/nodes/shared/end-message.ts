import type { Node } from "node-red";
import { Problem } from "./problem.js";

export type Done = (error?: Error) => void;

/**
 * Tells Node-RED that a message is done, or what is wrong. Node-RED copies the message for catch and complete nodes; what
 * cannot be copied throws, outside of any flow: it would end the process.
 */
export function endMessage(node: Node, done: Done, error?: Error): void {
  try {
    done(error && new Problem(error));
  } catch (thrown) {
    node.error(`${error ? `${error.message} ` : ""}The message could not be handed on: ${messageOf(thrown)}`);
  }
}

/** Of whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
