/** Describes in words what history and totals will request. */

import type { PeriodUnit } from "../lib/data/channel-table.js";
import { LIMITS } from "../lib/data/limits-table.js";
import { t } from "./catalogue.js";
import { checkTime, isEnv } from "./checks.js";
import { countPeriods, firstOf, nameOf, readDate, todayIn } from "./dates.js";

export interface TypedTime {
  value: string;
  type: string;
}

interface TimeQuestion {
  /** Undefined if it comes with the message. */
  unit: PeriodUnit | undefined;
  from: TypedTime;
  /** Undefined, or of type `none`, for a single period. */
  to?: TypedTime | undefined;
  deliver: "one" | "each";
  timezone: string;
}

/** What a field stands for: the first day of a period, or where it comes from; neither if invalid. */
interface AskedPeriod {
  date?: Date | undefined;
  later?: string;
}

export function askedPeriod({ value, type }: TypedTime, unit: PeriodUnit, timezone: string): AskedPeriod {
  if (type === "now") return { date: firstOf(unit, todayIn(timezone)) };
  if (type === "previous") return { date: firstOf(unit, todayIn(timezone), 1) };
  if (isEnv(value)) return { later: value };
  if (type === "ago") {
    return checkTime(value, type) === true ? { date: firstOf(unit, todayIn(timezone), Number(value || 0)) } : {};
  }
  if (type === "jsonata") return { later: t("preview.jsonata") };
  if (type !== "str" && type !== "num") return { later: `${type}.${value}` };
  const date = readDate(value, timezone);
  return { date: date && firstOf(unit, date) };
}

/** The request in one line; blank if a field is invalid, which has its own message. */
export function describe({ unit, from, to, deliver, timezone }: TimeQuestion): string {
  if (!unit) return t("preview.unitLater");
  const first = askedPeriod(from, unit, timezone);
  if (to === undefined || to.type === "none") return describeOne(unit, first, timezone);
  return describeRange(unit, first, askedPeriod(to, unit, timezone), deliver);
}

function describeOne(unit: PeriodUnit, { date, later }: AskedPeriod, timezone: string): string {
  if (later !== undefined) return t(`preview.${unit}Later`, { source: later });
  if (!date) return "";
  const name = nameOf(unit, date);
  const is = (back: number) => firstOf(unit, todayIn(timezone), back).getTime() === date.getTime();
  if (is(0)) return t(`preview.${unit}0`, { name });
  return is(1) ? t(`preview.${unit}1`, { name }) : name;
}

function describeRange(unit: PeriodUnit, first: AskedPeriod, last: AskedPeriod, deliver: "one" | "each"): string {
  const words = ({ date, later }: AskedPeriod) => later ?? (date && nameOf(unit, date));
  const [from, to] = [words(first), words(last)];
  if (from === undefined || to === undefined) return "";
  if (!first.date || !last.date) return t(`preview.range.${deliver}`, { from, to, number: t("preview.open") });
  const number = countPeriods(unit, first.date, last.date);
  if (number < 1) return t("preview.backwards");
  if (number > LIMITS.periods) return t("preview.tooMany", { number, max: LIMITS.periods });
  const amount = number === 1 ? t(`preview.${unit}`) : t(`preview.${unit}s`, { number });
  return t(`preview.range.${deliver}`, { from, to, number: amount });
}
