import { type CemmClient, CemmError, type Period, type PeriodUnit, periodsBetween } from "../../lib/internal.js";
import { type Field, inField, requireValue } from "./field.js";
import type { Run } from "./flow-node.js";

/** The period that a time field chooses; `ago` is n periods back. @throws CemmError `CEMM_INPUT` */
export async function periodOf(run: Run, client: CemmClient, unit: PeriodUnit, time: Field): Promise<Period> {
  const { value, type } = time;
  if (type === "now") return client.period(unit);
  if (type === "previous") return client.period(unit, Date.now(), 1);
  if (type === "ago") return inField(time, () => client.period(unit, Date.now(), periodsBack(value)));
  const given = requireValue(time, await run.value(time));
  return inField(time, () => client.period(unit, given));
}

/** All periods from the one field to the other; only the first if the end is `none`. @throws CemmError `CEMM_INPUT` */
export async function periodsOf(
  run: Run,
  client: CemmClient,
  unit: PeriodUnit,
  from: Field,
  to: Field,
): Promise<{ periods: Period[]; isRange: boolean }> {
  const first = await periodOf(run, client, unit, from);
  if (to.type === "none") return { periods: [first], isRange: false };
  const last = await periodOf(run, client, unit, to);
  return { periods: periodsBetween(first, last), isRange: true };
}

function periodsBack(value: string): number {
  const count = Number(value || 0);
  if (Number.isInteger(count) && count >= 0 && count <= 40_000) return count;
  throw new CemmError("CEMM_INPUT", `"${value}" is not a number of periods to go back; use 0, 1, 2, …`);
}
