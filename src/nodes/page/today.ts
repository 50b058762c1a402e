/** The running day: its minutes as recorded by the CEMM, and its live values. */
import {
  type Answer,
  type DayRecord,
  emptyRecord,
  type HouseDay,
  type HouseMeter,
  houseDay,
  type Minutes,
  meterDay,
  type Period,
  type RegisterReading,
  type RunningQuarter,
  registersAt,
  registersIn,
  withPower,
} from "../../lib/internal.js";

const MINUTE = 60_000;
/** How long live minutes are kept, in ms. */
const RECENT = 62 * MINUTE;

export class Today {
  #record: DayRecord;
  /** The end of the minutes that the CEMM has recorded. */
  #recordedUntil: number;
  readonly #minutes = new Map<string, Map<number, { sum: number; count: number }>>();
  readonly #registers = new Map<string, RegisterReading>();
  #quarter: RunningQuarter | undefined;

  constructor(private period: Period) {
    this.#record = emptyRecord(period);
    this.#recordedUntil = period.start;
  }

  get date(): string {
    return this.#record.date;
  }

  get quarter(): RunningQuarter | undefined {
    return this.#quarter;
  }

  /** Starts the next day. */
  begin(period: Period): void {
    this.period = period;
    this.#record = emptyRecord(period);
    this.#recordedUntil = period.start;
  }

  /** The records of this meter are not available. */
  addNothing(alias: string): void {
    this.#record.meters[alias] ??= null;
  }

  /** Adds the CEMM's records of the day so far. */
  addHistory(alias: string, { channels, period = this.period }: Answer): void {
    if (period.start !== this.period.start) return;
    this.#record.meters[alias] = meterDay(channels, period);
    const power = channels.electric_power?.samples ?? [];
    const minutes = this.#minutesOf(alias);
    for (const { time, value } of power.slice(-60)) {
      if (time !== null && value !== null) minutes.set(time - (time % MINUTE), { sum: value, count: 1 });
    }
    for (const { samples } of Object.values(channels)) {
      const newest = samples.at(-1)?.time ?? 0;
      this.#recordedUntil = Math.max(this.#recordedUntil, Math.min(newest + MINUTE, period.end));
    }
  }

  /** Adds live values of a meter. Returns its registers at midnight, if midnight is between these and the last ones. */
  addLive(answer: Answer, now: number): DayRecord["opening"][string] | undefined {
    const { time = null, value = null } = answer.channels.electric_power?.samples.at(-1) ?? {};
    if (value !== null && !answer.stale) this.#addPower(answer.alias, time ?? now, value, now);
    const reading = registersIn(answer);
    if (!reading) return undefined;
    const before = this.#registers.get(answer.alias);
    this.#registers.set(answer.alias, reading);
    return before && before.time < this.period.start ? registersAt(before, reading, this.period.start) : undefined;
  }

  /** The running quarter-hour, from the smart meters' power and registers. */
  addQuarter(grid: readonly Answer[], now: number): void {
    const powers = grid.flatMap(({ channels }) => channels.electric_power?.samples.at(-1)?.value ?? []);
    if (powers.length === 0 || powers.length < grid.length) return;
    const used = grid.map((answer) => registersIn(answer)?.registers);
    const all = used.every((registers) => registers !== undefined);
    const sum = used.reduce((sum, registers) => sum + (registers?.t1 ?? 0) + (registers?.t2 ?? 0), 0);
    const power = powers.reduce((a, b) => a + b, 0);
    this.#quarter = withPower(this.#quarter, { time: now, power, used: all ? sum : null });
  }

  minutesOf(alias: string): Minutes {
    return new Map([...this.#minutesOf(alias)].map(([time, { sum, count }]) => [time, sum / count]));
  }

  /**
   * `opening`: the registers at its start, by alias. Unknown until every meter was asked, because the consumption would
   * be wrong without the solar meters.
   */
  houseDay(meters: readonly HouseMeter[], opening: DayRecord["opening"]): HouseDay {
    const isAsked = meters.every(({ alias }) => Object.hasOwn(this.#record.meters, alias));
    if (!isAsked) return houseDay(emptyRecord(this.period), meters, this.period.start);
    const closing = Object.fromEntries([...this.#registers].map(([alias, { registers }]) => [alias, registers]));
    const live = Math.max(0, ...[...this.#registers.values()].map(({ time }) => time));
    const { start, end } = this.period;
    const byRegisters = houseDay({ ...this.#record, opening, closing }, meters, clamp(live, start, end));
    if (byRegisters.source === "registers") return byRegisters;
    return houseDay(this.#record, meters, this.#recordedUntil);
  }

  #addPower(alias: string, time: number, value: number, now: number): void {
    const minutes = this.#minutesOf(alias);
    const minute = time - (time % MINUTE);
    const { sum, count } = minutes.get(minute) ?? { sum: 0, count: 0 };
    minutes.set(minute, { sum: sum + value, count: count + 1 });
    for (const [time] of minutes) if (time < now - RECENT) minutes.delete(time);
  }

  #minutesOf(alias: string): Map<number, { sum: number; count: number }> {
    const minutes = this.#minutes.get(alias) ?? new Map();
    this.#minutes.set(alias, minutes);
    return minutes;
  }
}

const clamp = (value: number, min: number, max: number): number => Math.min(Math.max(value, min), max);
