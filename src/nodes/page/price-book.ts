/** The prices from messages, kept in a file, since they are not sent again after a restart. */
import { HourPrice, withPrices } from "../../lib/internal.js";
import type { LineFile } from "./line-file.js";

/** In ms: older ones are dropped. */
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
    // Prices that arrived while the file was read are newer.
    this.#prices = withPrices(recent, this.#prices);
    if (this.#prices.length < lines.length) this.file.replace(this.#prices);
  }

  add(prices: readonly HourPrice[]): void {
    this.#prices = withPrices(this.#prices, prices);
    this.file.append(...prices);
  }
}
