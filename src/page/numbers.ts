/** Numbers and times in the reader's language and the house's time zone. */

import { dayAt } from "./dates.js";
import type { ColumnName } from "./period-table.js";

export class Formats {
  constructor(
    readonly locale: string,
    readonly timezone: string,
  ) {}

  /** 1363 W: `1,363 W`. */
  power(watts: number): string {
    return `${this.number(watts, 0)} W`;
  }

  /** Three significant digits: `4.28`, `12.4`, `1,018`. */
  amount(value: number): string {
    const size = Math.abs(value);
    return this.number(value, size < 9.995 ? 2 : size < 99.95 ? 1 : 0);
  }

  /** A quarter-hour peak, which is billed per kilowatt: `4.31 kW`. */
  peak(watts: number): string {
    return `${this.number(watts / 1000, 2)} kW`;
  }

  energy(kWh: number): string {
    return `${this.amount(kWh)} kWh`;
  }

  /** Less than a cubic metre of water is shown in litres. */
  volume(m3: number, litres = false): string {
    return litres && Math.abs(m3) < 0.9995 ? `${this.number(m3 * 1000, 0)} L` : `${this.amount(m3)} m³`;
  }

  /** `share` in %. */
  percent(share: number): string {
    return this.#write(share / 100, { style: "percent", maximumFractionDigits: 0 });
  }

  /** The relative change: `+12%`. */
  change(value: number, was: number): string {
    const share = (value - was) / Math.abs(was);
    return this.#write(share, { style: "percent", maximumFractionDigits: 0, signDisplay: "exceptZero" });
  }

  money(euros: number): string {
    return this.#write(euros, { style: "currency", currency: "EUR" });
  }

  /** A meter's value: a counter in m³ as on the meter, a flow rate with a decimal, power without. */
  live(value: number, unit: string | null): string {
    return this.number(value, unit === "m³" ? 3 : unit === "L/min" ? 1 : 0);
  }

  /** A figure in the format for its name. */
  figure(name: ColumnName, value: number): string {
    if (name === "costs") return this.money(value);
    if (name === "gas" || name === "water") return this.volume(value, name === "water");
    if (name === "selfConsumption" || name === "selfSufficiency") return this.percent(value);
    return this.energy(value);
  }

  /** In a table, with the unit in the heading. */
  cell(name: ColumnName, value: number): string {
    if (name === "selfConsumption" || name === "selfSufficiency") return this.number(value, 0);
    return this.number(value, name === "gas" || name === "water" ? 3 : 2);
  }

  /** On an axis, as short as possible. */
  axis(value: number, unit: string): string {
    return `${this.#write(value, { maximumSignificantDigits: 3 })} ${unit}`;
  }

  powerAxis(watts: number): string {
    return this.axis(watts / 1000, "kW");
  }

  number(value: number, digits: number): string {
    return this.#write(value, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  }

  /** `17:12`. */
  time(time: number): string {
    return this.#date({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(time);
  }

  /** `27 Nov`. */
  day(time: number): string {
    return this.#date({ day: "numeric", month: "short" }).format(time);
  }

  /** `27 Nov, 17:12`. */
  dayAndTime(time: number): string {
    return this.#date({ day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(
      time,
    );
  }

  /** `17:12:30`. */
  clock(time: number): string {
    return this.#date({ hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" }).format(time);
  }

  /** `17:12` if that is `today`, else `27 Nov, 17:12`. */
  moment(time: number, today: string): string {
    return dayAt(time, this.timezone) === today ? this.time(time) : this.dayAndTime(time);
  }

  /** Without a sign if it rounds to 0, and with a real minus sign instead of a hyphen. */
  #write(value: number, options: Intl.NumberFormatOptions): string {
    return new Intl.NumberFormat(this.locale, { signDisplay: "negative", ...options }).format(value).replace("-", "−");
  }

  #date(options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
    return new Intl.DateTimeFormat(this.locale, { ...options, timeZone: this.timezone });
  }
}
