/** What the simulated CEMMs answer, fetched without this package's client, to compare with what examples show. */
import assert from "node:assert/strict";
import { z } from "zod";

export const HOUSE = "127.0.0.1:8080";

const Live = z.object({ data: z.record(z.string(), z.tuple([z.number(), z.number().nullable()])) });
const Day = z.object({ data: z.object({ electric_power: z.array(z.tuple([z.number(), z.number().nullable()])) }) });
const Days = z.array(z.tuple([z.number(), z.number()]));
const Month = z.object({ data: z.object({ electric_energy_low: Days, electric_energy_high: Days }) });

const GasMonth = z.object({ data: z.object({ gas: Days }) });

export interface DayTotals {
  date: string;
  low: number;
  high: number;
}

/** Live values; null: never reported. */
export async function live(alias: string): Promise<Record<string, number | null>> {
  const { data } = Live.parse(await ask(`${alias}/realtime/`));
  return Object.fromEntries(Object.entries(data).map(([name, [time, value]]) => [name, time === 0 ? null : value]));
}

/** W in each minute of a day, oldest first. */
export async function minutesOf(alias: string, date: string): Promise<{ time: number; power: number }[]> {
  const time = Date.parse(`${date}T12:00:00Z`) / 1000;
  const { electric_power } = Day.parse(await ask(`${alias}/data/day/?time=${time}`)).data;
  // The newest is not a measurement.
  return electric_power
    .slice(1)
    .map(([time, power]) => ({ time, power: power ?? assert.fail(`nothing at ${time}`) }))
    .reverse();
}

/** The days of a month that have begun, oldest first. */
export async function daysOfMonth(month: string): Promise<DayTotals[]> {
  const time = Date.parse(`${month}-15T12:00:00Z`) / 1000;
  const { electric_energy_low, electric_energy_high } = Month.parse(await ask(`p1/data/month/?time=${time}`)).data;
  const highs = new Map(electric_energy_high);
  return electric_energy_low
    .filter(([start]) => start <= Date.now())
    .map(([start, low]) => ({ date: dateOf(start), low, high: highs.get(start) ?? assert.fail(`no high at ${start}`) }))
    .reverse();
}

/** m³ of a whole month. */
export async function gasOfMonth(month: string): Promise<number> {
  const time = Date.parse(`${month}-15T12:00:00Z`) / 1000;
  const { gas } = GasMonth.parse(await ask(`p1-gas/data/month/?time=${time}`)).data;
  return gas.reduce((total, [, amount]) => total + amount, 0);
}

export async function daysOf2025(): Promise<DayTotals[]> {
  const months = Array.from({ length: 12 }, (_, n) => `2025-${`${n + 1}`.padStart(2, "0")}`);
  const days = await Promise.all(months.map(daysOfMonth));
  return days.flat();
}

/** `YYYY-MM-DD` in the CEMM's time zone. */
export function dateOf(time: number): string {
  return new Intl.DateTimeFormat("sv-SE", { timeZone: "Europe/Amsterdam" }).format(time);
}

/** A calendar day in that time zone. */
export function dayFromToday(days: number): string {
  const noon = Date.parse(`${dateOf(Date.now())}T12:00:00Z`);
  return dateOf(noon + days * 86_400_000);
}

/** Hours since midnight in that time zone. */
export function hourOf(time: number): number {
  const options = { timeZone: "Europe/Amsterdam", hour: "2-digit", hourCycle: "h23" } as const;
  return Number(new Intl.DateTimeFormat("en", options).format(time));
}

async function ask(path: string): Promise<unknown> {
  // Without keep-alive: the CEMM may restart before the next request.
  const response = await fetch(`http://${HOUSE}/open-api/v1/${path}`, { headers: { connection: "close" } });
  assert.equal(response.status, 200, path);
  return response.json();
}
