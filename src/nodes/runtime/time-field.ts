import { type CemmClient, CemmError, type Period, type PeriodUnit, periodsBetween } from "../../lib/index.js";
import type { Run } from "./flow-node.js";

/** A time as a field gives it: a typed input that also knows `now`, `previous`, `ago` (n periods back) and, for an end, `none`. */
export interface TimeField {
  value: string | undefined;
  type: string | undefined;
}

/** The period of `unit` that the field means. @throws CemmError `CEMM_INPUT` */
export async function periodOf(run: Run, client: CemmClient, unit: PeriodUnit, field: TimeField): Promise<Period> {
  const { value, type = "now" } = field;
  if (type === "now") return client.period(unit);
  if (type === "previous") return client.period(unit, Date.now(), 1);
  if (type === "ago") return client.period(unit, Date.now(), periodsBack(value));
  const time = await run.value(value, type);
  // The client would take it for now.
  if (time === undefined) throw new CemmError("CEMM_INPUT", `The time, ${type} "${value ?? ""}", is not there.`);
  return client.period(unit, time);
}

/** All periods from the one field to the other; only the first where there is no end. @throws CemmError `CEMM_INPUT` */
export async function periodsOf(
  run: Run,
  client: CemmClient,
  unit: PeriodUnit,
  from: TimeField,
  to: TimeField,
): Promise<{ periods: Period[]; isRange: boolean }> {
  const first = await periodOf(run, client, unit, from);
  if ((to.type ?? "none") === "none") return { periods: [first], isRange: false };
  const last = await periodOf(run, client, unit, to);
  return { periods: periodsBetween(first, last), isRange: true };
}

function periodsBack(value: string | undefined): number {
  const count = Number(value || 0);
  if (Number.isInteger(count) && count >= 0 && count <= 40_000) return count;
  throw new CemmError("CEMM_INPUT", `"${value}" is not a number of periods to go back; use 0, 1, 2, …`);
}
