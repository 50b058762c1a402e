import { CemmError, type CemmErrorCode, type ErrorDetails } from "../errors.js";

/**
 * A failed request, before its error names a device: one request may have several callers, each with its own name for
 * the device. `text` goes on where the name ends. Not an Error: each caller's has the stack.
 */
export class Failure {
  constructor(
    readonly code: CemmErrorCode,
    readonly text: string,
    readonly details: ErrorDetails = {},
  ) {}

  get retryable(): boolean {
    return this.details.retryable ?? false;
  }

  /** The error of a caller that knows the device as `peer`. */
  of(peer: string): CemmError {
    return new CemmError(this.code, `${peer} ${this.text}`, this.details);
  }
}

/** An answer that no CEMM and no cloud gives. */
export function badResponse(text: string, retryable = false): Failure {
  return new Failure("CEMM_BAD_RESPONSE", text, { retryable });
}
