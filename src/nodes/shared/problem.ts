import { CemmError, type CemmErrorCode, type ErrorCause } from "../../lib/internal.js";

/** An error as a String object: of an Error, the debug sidebar shows its class and 30 letters of the message only. */
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
    // Absent rather than undefined, since Node-RED copies every property to msg.error.
    Object.assign(this, { code, retryable }, statusCode !== undefined && { statusCode }, cause && { cause });
  }
}

/** The message of anything that was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
