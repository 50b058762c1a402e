/** The Dutch public holidays: they have the low tariff. */
import { Temporal } from "temporal-polyfill";

type Date = Temporal.PlainDate;

/** Days after Easter: Easter Monday, Ascension, Whit Monday. */
const MOVING = [1, 39, 50];
const FIXED = ["01-01", "12-25", "12-26"];

export function isHoliday(date: Date): boolean {
  const monthDay = date.toString().slice(5);
  if (FIXED.includes(monthDay) || date.equals(kingsDay(date.year))) return true;
  return MOVING.includes(easter(date.year).until(date).days);
}

/** 27 April; a day earlier if that is a Sunday. */
function kingsDay(year: number): Date {
  const birthday = Temporal.PlainDate.from({ year, month: 4, day: 27 });
  return birthday.dayOfWeek === 7 ? birthday.subtract({ days: 1 }) : birthday;
}

/** Easter Sunday of the Gregorian calendar, by Gauss's rule as Butcher wrote it down. */
function easter(year: number): Date {
  const golden = year % 19;
  const century = Math.floor(year / 100);
  const ofCentury = year % 100;
  const leapCenturies = Math.floor(century / 4);
  const correction = Math.floor((century - Math.floor((century + 8) / 25) + 1) / 3);
  const epact = (19 * golden + century - leapCenturies - correction + 15) % 30;
  const weekday = (32 + 2 * (century % 4) + 2 * Math.floor(ofCentury / 4) - epact - (ofCentury % 4)) % 7;
  const late = Math.floor((golden + 11 * epact + 22 * weekday) / 451);
  const days = epact + weekday - 7 * late + 114;
  return Temporal.PlainDate.from({ year, month: Math.floor(days / 31), day: (days % 31) + 1 });
}
