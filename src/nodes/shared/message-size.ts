import { type Answer, CemmError } from "../../lib/index.js";

/** In one message: some 200 MB of memory. */
const MAX_SAMPLES = 3_000_000;

/** How much one message will hold. The first period with samples tells, so that the others need not be asked. */
export class MessageSize {
  #samples = 0;

  /** @throws CemmError `CEMM_INPUT` where this answer, and the `periods` like it that begin with it, are too much. */
  add({ channels }: Answer, periods: number): void {
    const here = Object.values(channels).reduce((sum, { samples }) => sum + samples.length, 0);
    const isFirst = this.#samples === 0;
    this.#samples += here;
    if ((isFirst ? here * periods : this.#samples) <= MAX_SAMPLES) return;
    const what = isFirst ? `${periods} periods of some ${here} samples` : `More than ${MAX_SAMPLES} samples`;
    throw new CemmError("CEMM_INPUT", `${what} are too much for one message; choose a message for each period.`);
  }
}
