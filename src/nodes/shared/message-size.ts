import { getHeapStatistics } from "node:v8";
import { CemmError, type Collector, LIMITS } from "../../lib/internal.js";

const MB = 2 ** 20;

/** Whether the payload of a range fits into memory: a process that exceeds its heap ends, and no handler helps. */
export class MessageSize {
  readonly #limit = getHeapStatistics().heap_size_limit * LIMITS.messageShare;
  #before = 0;

  constructor(private readonly collector: Collector<unknown>) {}

  /** Called after each answer, with `periods` still to come. @throws CemmError `CEMM_INPUT` if all are too much. */
  check(periods: number): void {
    const bytes = this.collector.bytes();
    const expected = bytes + (bytes - this.#before) * periods;
    this.#before = bytes;
    if (expected <= this.#limit) return;
    const [needed, limit] = [expected, this.#limit].map((each) => `${Math.ceil(each / MB)} MB`);
    throw new CemmError(
      "CEMM_INPUT",
      `The range takes some ${needed} in one message; this Node-RED has ${limit} for it. Choose a message for each period, or a shorter range.`,
    );
  }
}
