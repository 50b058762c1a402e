import assert from "node:assert/strict";
import { CemmError } from "../../../src/lib/index.js";

/** The CemmError that `work` throws. */
export function rejection(work: () => unknown): CemmError {
  try {
    work();
  } catch (error) {
    assert(error instanceof CemmError, String(error));
    return error;
  }
  return assert.fail("it did not throw");
}
