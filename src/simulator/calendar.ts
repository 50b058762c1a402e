/** Days, months and years in the household's time zone. */
import { Temporal } from "temporal-polyfill";
import { isHoliday } from "./holidays.js";

export type CalendarUnit = "day" | "month" | "year";

/** A period, first instant to first instant after it, and the starts of the days or months in it, oldest first. */
export interface CalendarPeriod {
  unit: CalendarUnit;
  start: number;
  end: number;
  parts: number[];
}

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

/** The CEMM was released in 2014; so the examples on the vendor's pages (2017, 2020) can be requested. */
const FIRST_DAY = Temporal.PlainDate.from("2014-01-01");

const UNITS = {
  day: { first: {}, length: { days: 1 }, part: { days: 1 } },
  month: { first: { day: 1 }, length: { months: 1 }, part: { days: 1 } },
  year: { first: { month: 1, day: 1 }, length: { years: 1 }, part: { months: 1 } },
} as const;

export function isTimezone(name: string): boolean {
  try {
    FIRST_DAY.toZonedDateTime(name);
    return true;
  } catch {
    return false;
  }
}

export class Calendar {
  // Cached, because asking Temporal for thousands of days is slow.
  private readonly starts: number[] = [];

  constructor(private readonly timezone: string) {}

  /** The first instant of the n-th day of the model. */
  dayStart(index: number): number {
    const start = this.starts[index] ?? this.startOf(FIRST_DAY.add({ days: index }));
    this.starts[index] = start;
    return start;
  }

  /** The day that contains this instant; below 0: before the model begins. */
  dayIndex(time: number): number {
    if (time < this.dayStart(0)) return -1;
    let index = Math.max(0, Math.floor((time - this.dayStart(0)) / DAY) - 1);
    while (this.dayStart(index + 1) <= time) index++;
    return index;
  }

  /** 1380, 1440 or 1500. */
  minutesOfDay(index: number): number {
    return (this.dayStart(index + 1) - this.dayStart(index)) / MINUTE;
  }

  /** The last full hour, five minutes, ... of the day, counted from its start. */
  lastStep(time: number, seconds: number): number {
    const start = this.dayStart(Math.max(0, this.dayIndex(time)));
    return start + Math.floor((time - start) / (seconds * 1000)) * seconds * 1000;
  }

  isWeekend(index: number): boolean {
    return (FIRST_DAY.dayOfWeek - 1 + index) % 7 >= 5;
  }

  isHoliday(index: number): boolean {
    return isHoliday(FIRST_DAY.add({ days: index }));
  }

  period(unit: CalendarUnit, time: number): CalendarPeriod {
    const { first, length, part } = UNITS[unit];
    const today = Temporal.Instant.fromEpochMilliseconds(time).toZonedDateTimeISO(this.timezone).toPlainDate();
    const from = unit === "day" ? today : today.with({ day: 1, ...first });
    const to = from.add(length);
    const parts: number[] = [];
    for (let date = from; Temporal.PlainDate.compare(date, to) < 0; date = date.add(part))
      parts.push(this.startOf(date));
    return { unit, start: this.startOf(from), end: this.startOf(to), parts };
  }

  private startOf(date: Temporal.PlainDate): number {
    return date.toZonedDateTime(this.timezone).epochMilliseconds;
  }
}
