/** The prices that messages brought: kept over a restart, in a file of their own, since nobody could send them again. */
import { HourPrice, withPrices } from "../../lib/internal.js";
import type { LineFile } from "./line-file.js";

/** In ms: older ones are forgotten. */
const KEPT = 800 * 86_400_000;

export class PriceBook {
  #prices: HourPrice[] = [];

  constructor(private readonly file: LineFile) {}

  get prices(): readonly HourPrice[] {
    return this.#prices;
  }

  async load(): Promise<void> {
    const lines = await this.file.read();
    const known = lines.flatMap((line) => HourPrice.safeParse(line).data ?? []);
    const recent = known.filter(({ time }) => time > Date.now() - KEPT);
    // What a message brought while the file was read is newer.
    this.#prices = withPrices(recent, this.#prices);
    if (this.#prices.length < lines.length) this.file.replace(this.#prices);
  }

  add(prices: readonly HourPrice[]): void {
    this.#prices = withPrices(this.#prices, prices);
    this.file.append(...prices);
  }
}
