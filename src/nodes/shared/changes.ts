import { RecentMap, type Values } from "../../lib/internal.js";

/** Maximum number of meters kept; the least recently read is dropped first. */
const MAX_METERS = 1000;

/** Finds the values that differ from the last sent ones by more than the dead band. */
export class Changes {
  readonly #sent = new RecentMap<Map<string, number | null>>(MAX_METERS);

  constructor(private readonly deadBand: number) {}

  /** The channels that changed. `isEach`: each is sent separately, so the others keep their last sent value. */
  update(meter: string, values: Values, isEach: boolean): string[] {
    const sent = this.#sent.get(meter) ?? new Map<string, number | null>();
    this.#sent.set(meter, sent);
    const changed = Object.keys(values).filter((channel) => this.#isChange(sent.get(channel), values[channel] ?? null));
    const sentNow = isEach || changed.length === 0 ? changed : Object.keys(values);
    for (const channel of sentNow) sent.set(channel, values[channel] ?? null);
    return changed;
  }

  #isChange(before: number | null | undefined, now: number | null): boolean {
    if (before === undefined || before === null || now === null) return before !== now;
    return Math.abs(now - before) > this.deadBand;
  }
}
