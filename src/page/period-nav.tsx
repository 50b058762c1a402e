import type { House, PeriodView } from "../lib/energy/view.js";
import { goTo, linkTo } from "./address.js";
import { inUnit, shift, type Unit, unitOf } from "./dates.js";
import { exportView } from "./export.js";
import { periodName } from "./period-names.js";
import { useReader } from "./reader.js";

const UNITS = ["day", "month", "year"] as const;
const TODAY = { day: "today", month: "thisMonth", year: "thisYear" } as const;

interface Props {
  house: House;
  date: string;
  /** The view of `date`, or the previous one while it loads. */
  view: PeriodView | undefined;
}

/** Made of links, so that back, forward, a new tab and the keyboard work as usual. */
export function PeriodNav({ house, date, view }: Props) {
  const reader = useReader();
  const { t } = reader;
  const unit = unitOf(date) ?? "day";
  const now = inUnit(house.today, unit, house.today);
  return (
    <nav class="period-nav" aria-label={t("period")}>
      <div class="units">
        {UNITS.map((each) => (
          <a
            key={each}
            href={linkTo(inUnit(date, each, house.today))}
            aria-current={each === unit ? "true" : undefined}
          >
            {t(each)}
          </a>
        ))}
      </div>
      <div class="steps">
        <Step label={t("previous")} to={isWithin(shift(date, -1), house) ? shift(date, -1) : undefined} sign="‹" />
        <Picker house={house} date={date} unit={unit} />
        <Step label={t("next")} to={isWithin(shift(date, 1), house) ? shift(date, 1) : undefined} sign="›" />
      </div>
      {date !== now && (
        <a class="button" href={linkTo(now)}>
          {t(TODAY[unit])}
        </a>
      )}
      <button type="button" class="export" disabled={!view} onClick={() => view && exportView(view, house, reader)}>
        {t("csv")}
      </button>
    </nav>
  );
}

/** Whether the date is between the first day with data, if known, and today. */
function isWithin(date: string, { firstDay, today }: House): boolean {
  return date <= today.slice(0, date.length) && (firstDay === null || date >= firstDay.slice(0, date.length));
}

function Step({ label, to, sign }: { label: string; to: string | undefined; sign: string }) {
  const { formats } = useReader();
  if (to === undefined) return <span class="step" />;
  return (
    <a class="step" href={linkTo(to)} aria-label={`${label}: ${periodName(to, formats.locale)}`}>
      {sign}
    </a>
  );
}

function Picker({ house, date, unit }: { house: House; date: string; unit: Unit }) {
  const { t, formats } = useReader();
  const label = t(`choose.${unit}`);
  if (unit === "day")
    return (
      <input
        type="date"
        aria-label={label}
        value={date}
        min={house.firstDay ?? undefined}
        max={house.today}
        onChange={({ currentTarget: { value } }) => unitOf(value) === "day" && goTo(value)}
      />
    );
  return (
    <select aria-label={label} value={date} onChange={({ currentTarget: { value } }) => goTo(value)}>
      {choices(date, unit, house).map((each) => (
        <option key={each} value={each}>
          {periodName(each, formats.locale)}
        </option>
      ))}
    </select>
  );
}

const DEFAULT_YEARS = 5;

/** Newest first, back to the first day with data; always with the shown one. */
function choices(date: string, unit: Unit, { firstDay, today }: House): string[] {
  const newest = inUnit(today, unit, today);
  const oldest = firstDay
    ? inUnit(firstDay, unit, today)
    : shift(newest, unit === "year" ? -DEFAULT_YEARS : -12 * DEFAULT_YEARS);
  const all: string[] = [];
  for (let each = newest; each >= oldest; each = shift(each, -1)) all.push(each);
  return all.includes(date) ? all : [...all, date].sort().reverse();
}
