/** The days that are over: their records in memory and in a file, and the list of days still to be read. */
import {
  DayRecord,
  emptyRecord,
  type HouseDay,
  type HouseMeter,
  houseDay,
  type ListedMeters,
  type MeterDay,
  type Period,
  periodAt,
  periodName,
  periodsBetween,
  RecordHeader,
  type Registers,
} from "../../lib/internal.js";
import type { LineFile } from "./line-file.js";

/** How far back days are read: five years. */
const MAX_DAYS = 1827;
/** A meter without data for this many days did not exist before. */
const EMPTY_DAYS = 62;
/** In ms: the last minutes of a day arrive late. */
const SETTLED = 600_000;
const DAY = 86_400_000;

/** A meter's day that is still to be read. */
export interface MissingDay {
  alias: string;
  date: string;
  period: Period;
}

export class DayBook {
  readonly #records = new Map<string, DayRecord>();
  readonly #houseDays = new Map<string, HouseDay>();
  #meters: readonly HouseMeter[] = [];
  /** The days to be read, newest first; those before index `#at` are known. */
  #periods: readonly Period[] = [];
  #at = 0;
  /** By alias: number of consecutive days without data, up to index `#at`. */
  #empty = new Map<string, number>();
  /** Days that could not be read: they count as empty until the next start, and are not written. */
  readonly #failed = new Set<string>();
  #cemm: string | undefined;
  #listed: ListedMeters = [];

  constructor(
    private readonly file: LineFile,
    private readonly timezone: string,
  ) {}

  async load(): Promise<void> {
    let isOfZone = true;
    for (const line of await this.file.read()) {
      const header = RecordHeader.safeParse(line).data;
      if (header) {
        this.#cemm = header.cemm;
        this.#listed = header.listed;
        // In another time zone days start at different times.
        isOfZone = header.timezone === this.timezone;
      }
      const record = isOfZone ? DayRecord.safeParse(line).data : undefined;
      if (record) this.#records.set(record.date, merged(this.#records.get(record.date), record));
    }
    if (!isOfZone) this.#cemm = undefined;
  }

  /** Sets the CEMM of these days. Days of another CEMM are dropped. */
  setCemm(cemm: string): void {
    if (this.#cemm === cemm) return;
    if (this.#cemm !== undefined) this.#records.clear();
    this.#cemm = cemm;
    this.file.replace([this.#header(cemm), ...this.#records.values()]);
    this.#begin();
  }

  /** The last list of meters, kept for a start while the CEMM does not answer. */
  get listed(): ListedMeters {
    return this.#listed;
  }

  keepListed(listed: ListedMeters): void {
    if (JSON.stringify(listed) === JSON.stringify(this.#listed)) return;
    this.#listed = listed;
    if (this.#cemm !== undefined) this.file.append(this.#header(this.#cemm));
  }

  setMeters(meters: readonly HouseMeter[]): void {
    this.#meters = meters;
    this.#begin();
  }

  /** The newest unknown day of a meter; undefined: all are known. */
  next(now: number): MissingDay | undefined {
    this.#renew(now);
    for (; this.#at < this.#periods.length; this.#at++) {
      const period = this.#periods[this.#at];
      if (!period || this.#meters.every(({ alias }) => this.#isExhausted(alias))) break;
      const record = this.#recordOf(period);
      for (const { alias } of this.#meters) if (this.#isExhausted(alias)) record.meters[alias] ??= null;
      const missing = this.#meters.find(({ alias }) => !Object.hasOwn(record.meters, alias));
      if (missing) return { alias: missing.alias, date: record.date, period };
      this.#countEmpty(record);
    }
    this.#at = this.#periods.length;
    return undefined;
  }

  /** Adds a record. `isFinal`: false if it could not be read. Returns whether its day is now complete. */
  keep({ alias, date, period }: MissingDay, day: MeterDay, isFinal = true): boolean {
    const record = this.#recordOf(period);
    record.meters[alias] = day;
    if (!isFinal) this.#failed.add(date);
    this.#houseDays.delete(date);
    const isWhole = this.#isWhole(record);
    if (isWhole && !this.#failed.has(date)) this.file.append(record);
    return isWhole;
  }

  /** Adds registers at the start or end of a day, also of the running one. */
  keepRegisters(period: Period, edge: "opening" | "closing", alias: string, registers: Registers): void {
    const record = this.#recordOf(period);
    record[edge][alias] = registers;
    this.file.append({ ...record, meters: {} });
    for (const start of [period.start, period.end]) {
      this.#houseDays.delete(periodName(periodAt("day", start, this.timezone)));
    }
  }

  /** By date. A day with a missing meter is not known yet, because its sums would be wrong. */
  days(): Map<string, HouseDay> {
    const days = new Map<string, HouseDay>();
    for (const [date, record] of this.#records) if (this.#isWhole(record)) days.set(date, this.#houseDay(record));
    return days;
  }

  /** The registers at the end of the previous day, and at the start of this one. */
  openingOf(date: string): DayRecord["opening"] {
    return { ...this.#records.get(dateBefore(date))?.closing, ...this.#records.get(date)?.opening };
  }

  hasClosing(period: Period, alias: string): boolean {
    return Object.hasOwn(this.#records.get(periodName(period))?.closing ?? {}, alias);
  }

  /** Null while days are still being read. */
  firstDay(today: string): string | null {
    if (this.#periods.length === 0 || this.#at < this.#periods.length) return null;
    const dates = [...this.#records.values()].filter(({ meters }) => Object.values(meters).some((day) => day !== null));
    return [today, ...dates.map(({ date }) => date)].sort()[0] ?? today;
  }

  #header(cemm: string): object {
    return { cemm, timezone: this.timezone, listed: this.#listed };
  }

  #isWhole({ meters }: DayRecord): boolean {
    return this.#meters.every(({ alias }) => Object.hasOwn(meters, alias));
  }

  #houseDay(record: DayRecord): HouseDay {
    const known = this.#houseDays.get(record.date);
    if (known) return known;
    const day = houseDay({ ...record, opening: this.openingOf(record.date) }, this.#meters);
    this.#houseDays.set(record.date, day);
    return day;
  }

  #begin(): void {
    this.#at = 0;
    this.#empty = new Map();
    this.#houseDays.clear();
  }

  /** Renews the list when a new day has begun. */
  #renew(now: number): void {
    const newest = periodAt("day", now - SETTLED, this.timezone, 1);
    if (this.#periods[0]?.start === newest.start) return;
    const oldest = periodAt("day", now - SETTLED, this.timezone, MAX_DAYS);
    this.#periods = periodsBetween(oldest, newest).reverse();
    this.#begin();
  }

  #isExhausted(alias: string): boolean {
    return (this.#empty.get(alias) ?? 0) >= EMPTY_DAYS;
  }

  #countEmpty({ meters, date }: DayRecord): void {
    if (this.#failed.has(date)) return;
    for (const [alias, day] of Object.entries(meters)) {
      if (!this.#isExhausted(alias)) this.#empty.set(alias, day === null ? (this.#empty.get(alias) ?? 0) + 1 : 0);
    }
  }

  #recordOf(period: Period): DayRecord {
    const date = periodName(period);
    const record = this.#records.get(date) ?? emptyRecord(period);
    this.#records.set(date, record);
    return record;
  }
}

/** The difference of dates does not depend on the time zone. */
const dateBefore = (date: string): string => new Date(Date.parse(date) - DAY).toISOString().slice(0, 10);

function merged(known: DayRecord | undefined, line: DayRecord): DayRecord {
  if (!known) return line;
  return {
    ...line,
    meters: { ...known.meters, ...line.meters },
    opening: { ...known.opening, ...line.opening },
    closing: { ...known.closing, ...line.closing },
  };
}
