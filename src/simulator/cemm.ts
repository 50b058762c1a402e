/** One CEMM: its identity, its meters, and the answers of each. */
import type { z } from "zod";
import type { DeviceInfo, History, IoList, Readings } from "../lib/data/schemas.js";
import type { CalendarPeriod, CalendarUnit } from "./calendar.js";
import type { Household } from "./household.js";
import {
  type ChannelValues,
  type MeterView,
  measuresGas,
  recordInterval,
  type SimulatedMeter,
  streamOf,
} from "./kinds.js";
import { metersOf } from "./meters.js";
import { hexDigits, noise, seedOf } from "./random.js";

/** Epoch milliseconds and value. */
export type Pair = [time: number, value: number | null];
type IoEntry = z.input<typeof IoList>["data"][number];

interface CemmOptions {
  seed: string;
  /** 0 for the first CEMM. */
  index: number;
  aliases: readonly string[];
  household: Household;
}

const NEVER_REPORTED: Pair = [0, 0];

export class Cemm {
  /** `00-1E-C0-85-96-CC`, as the cloud spells it. */
  readonly uid: string;
  readonly info: z.input<typeof DeviceInfo>["data"] & { mac: string; core: string };
  readonly discoveryType: string;
  readonly meters: readonly SimulatedMeter[];
  private readonly household: Household;
  private readonly gasInterval: number;
  private readonly wear: number;

  constructor({ seed, index, aliases, household }: CemmOptions) {
    const identity = seedOf(seed, "cemm", index);
    const mac = `001EC0${serialNumber(seed, index)}`.match(/../g) ?? [];
    const model = index === 0 ? "Plus" : "Basic";
    this.uid = mac.join("-");
    this.info = {
      mac: mac.join(":"),
      name: `CEMM ${model}`,
      type: hexDigits(identity + 1, 20),
      version: "2.26.0.0",
      core: "1.25",
    };
    this.discoveryType = `CEMM_${model.toLowerCase()}`;
    this.meters = metersOf(aliases);
    this.household = household;
    // The first house has a DSMR 4 meter, which reports gas once an hour; the others DSMR 5, every five minutes.
    this.gasInterval = index === 0 ? 3600 : 300;
    this.wear = 1 + 0.3 * noise(identity, 0);
  }

  meter(alias: string): SimulatedMeter | undefined {
    return this.meters.find((meter) => meter.alias === alias);
  }

  io(): IoEntry[] {
    return this.meters.filter(({ kind }) => !kind.isComputed).map(ioEntry);
  }

  /** The live values, or the readings, of the current second. */
  live(meter: SimulatedMeter, now: number, channels: "live" | "totals" = "live"): Record<string, Pair> {
    const second = now - (now % 1000);
    return this.pairs(meter, meter.kind[channels], second, second);
  }

  /** The last readings of the day that contains `time`: of the current minute today, else of the day's end. */
  totals(meter: SimulatedMeter, time: number, now: number): z.input<typeof Readings>["data"] {
    const { start, end } = this.household.calendar.period("day", time);
    const isKnown = start <= now && this.household.calendar.dayIndex(start) >= 0;
    if (!isKnown) return mapValues(meter.kind.totals, () => NEVER_REPORTED);
    const minute = now - (now % 60_000);
    return now < end
      ? this.pairs(meter, meter.kind.totals, minute, minute)
      : this.pairs(meter, meter.kind.totals, end, end - 1000);
  }

  period(unit: CalendarUnit, time: number): CalendarPeriod {
    return this.household.calendar.period(unit, time);
  }

  /** Newest first. A day begins with a pair for its last second, which is not a measurement: `placeholder`. */
  history(
    meter: SimulatedMeter,
    period: CalendarPeriod,
    now: number,
    placeholder: null | 0,
  ): z.input<typeof History>["data"] {
    const view = this.view(meter);
    const known = this.household.calendar.lastStep(now, recordInterval(view));
    if (period.unit !== "day") return this.sums(view, period, known);
    const samples = this.samples(view, period, known);
    samples.push([period.end - 1000, placeholder]);
    return { [meter.kind.day.channel]: samples.reverse() };
  }

  /** A value for each minute; gas of a DSMR 4 meter: m³ for each hour. */
  private samples(view: MeterView, period: CalendarPeriod, known: number): Pair[] {
    const { kind } = view.meter;
    const isHourly = recordInterval(view) === 3600;
    const step = isHourly ? 60 : 1;
    const perUnit = isHourly ? kind.day.perUnit * 1000 : kind.day.perUnit;
    const rates = this.household.minutes(streamOf(view), period);
    const count = Math.min(rates.length, Math.floor((known - period.start) / 60_000));
    const samples: Pair[] = [];
    for (let from = 0; from + step <= count; from += step) {
      let sum = 0;
      for (let minute = from; minute < from + step; minute++) sum += rates[minute] ?? 0;
      samples.push([period.start + from * 60_000, sum / perUnit]);
    }
    return samples;
  }

  /** A value for each day of a month, each month of a year; 0 for those to come. */
  private sums(view: MeterView, { parts, end }: CalendarPeriod, known: number): Record<string, Pair[]> {
    const values = parts.map((start, n) => {
      const until = Math.min(parts[n + 1] ?? end, known);
      return { start, sums: this.household.through(streamOf(view), start, until) };
    });
    values.reverse();
    return mapValues(view.meter.kind.sums, (sum) => values.map(({ start, sums }): Pair => [start, sum(sums)]));
  }

  private pairs(meter: SimulatedMeter, channels: ChannelValues, at: number, stamp: number): Record<string, Pair> {
    const view = this.view(meter);
    return mapValues(channels, (channel): Pair => {
      const value = channel(view, at);
      return value === null ? NEVER_REPORTED : [stamp, value];
    });
  }

  private view(meter: SimulatedMeter): MeterView {
    const { household, gasInterval, wear } = this;
    return { household, gasInterval, wear, hasGas: this.meters.some(measuresGas), meter };
  }
}

/** Six hexadecimal digits, which no two CEMMs of one simulator share: the step is odd. */
function serialNumber(seed: string, index: number): string {
  const number = (seedOf(seed, "cemm") + index * 0x9e3779) % 2 ** 24;
  return number.toString(16).toUpperCase().padStart(6, "0");
}

export function ioEntry({ ioId, port, type, portOption, alias }: SimulatedMeter): IoEntry {
  return { io_id: ioId, port, type, port_option: portOption, full_id: 16384, alias };
}

function mapValues<In, Out>(record: Readonly<Record<string, In>>, map: (value: In) => Out): Record<string, Out> {
  return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, map(value)]));
}
