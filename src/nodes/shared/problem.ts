import { CemmError, type CemmErrorCode, type ErrorCause } from "../../lib/internal.js";

/**
 * An error for Node-RED, as a String object: the debug sidebar shows a text better than an Error object, of which it
 * shows the class and 30 letters of the message. A catch node gets message, code, cause and stack either way.
 */
export class Problem extends String {
  readonly name: string;
  readonly message: string;
  declare readonly stack?: string;
  declare readonly code?: CemmErrorCode;
  declare readonly cause?: ErrorCause;

  constructor(error: unknown) {
    const { name, message, stack } = error instanceof Error ? error : new Error(String(error));
    super(message);
    this.name = name;
    this.message = message;
    if (stack !== undefined) this.stack = stack;
    if (!(error instanceof CemmError)) return;
    const { code, statusCode, retryable, cause } = error;
    // Absent rather than undefined: Node-RED copies what is there to msg.error.
    Object.assign(this, { code, retryable }, statusCode !== undefined && { statusCode }, cause && { cause });
  }
}
