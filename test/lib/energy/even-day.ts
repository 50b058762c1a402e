/** A day on which a smart meter counts 1 kWh an hour, from its start to its end or until now. */
import assert from "node:assert/strict";
import { QUARTER } from "../../../src/lib/energy/day-record.js";
import type { HouseDay } from "../../../src/lib/energy/house-day.js";
import { PeriodView } from "../../../src/lib/energy/view.js";
import { type Period, periodName } from "../../../src/lib/index.js";

export function evenDay(period: Period, now = period.end): HouseDay {
  const { start, end } = period;
  const until = Math.min(end, now);
  const count = Math.ceil((until - start) / QUARTER);
  const share = (n: number) => Math.min(QUARTER, until - start - n * QUARTER) / QUARTER;
  return {
    date: periodName(period),
    start,
    end,
    until,
    bought: Array.from({ length: count }, (_, n) => share(n) / 4),
    sold: null,
    solar: null,
    gas: null,
    water: null,
    apart: {},
    tariffs: null,
    source: "minutes",
    gaps: 0,
    isComplete: true,
  };
}

/** Matches its schema, and every number is finite, since NaN would be null in JSON. */
export function assertSound(view: PeriodView): void {
  assert.deepEqual(PeriodView.parse(view), view);
}
