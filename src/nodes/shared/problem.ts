import { CemmError, type CemmErrorCode, type ErrorCause } from "../../lib/internal.js";

/**
 * An error as Node-RED is given it. Of an Error object the debug sidebar shows the class first, then 30 letters of the
 * message; of a text its beginning, and editor/debug-sidebar.ts the rest. A catch node gets the same of both: message,
 * code, cause and stack.
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
