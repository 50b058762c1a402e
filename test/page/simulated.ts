/** What the page gets from a simulated house at a chosen time, made with the node's own functions. */
import { houseView } from "../../src/lib/energy/house-view.js";
import { lastHourOf, liveView } from "../../src/lib/energy/live.js";
import { periodView } from "../../src/lib/energy/period.js";
import { readingsView } from "../../src/lib/energy/readings.js";
import { type Answer, type Period, periodName } from "../../src/lib/index.js";
import type { SimulatedHouse } from "../lib/energy/simulated-house.js";
import type { Answers } from "./stand-in.js";

/** Answers about the current day; the previous day is known too. */
export async function answersOfHouse(house: SimulatedHouse, name: string): Promise<Answers> {
  const { now, meters, client } = house;
  const today = house.day(now);
  const history = await house.history(today, house.day(today.start - 1));
  // Staleness would depend on the real time.
  const live = (await house.live()).map((answer) => ({ ...answer, stale: false }));
  const states = live.map((answer, n) => ({ meter: meters[n] ?? missing(), answer, failingSince: null, cause: null }));
  const minutes = await Promise.all(
    meters.map(async (meter) => ({ meter, minutes: await minutesOf(house, meter.alias, today) })),
  );
  const readings = await Promise.all(meters.map(async ({ alias }) => [alias, await client.totals(alias)] as const));
  const { timezone } = client;
  const period = (unit: "day" | "month" | "year") => periodView(unit, today.start, history);
  return {
    house: houseView({
      name,
      timezone,
      today: periodName(today),
      firstDay: null,
      meters,
      tariff: house.tariff,
      answers: new Map(live.map((answer) => [answer.alias, answer])),
      days: history.days.values(),
      problems: [],
    }),
    live: liveView({ now, states, lastHour: lastHourOf(minutes, now), quarter: undefined, problems: [] }),
    day: period("day"),
    month: period("month"),
    year: period("year"),
    readings: readingsView(new Map<string, Answer>(readings)),
  };
}

function missing(): never {
  throw new Error("an answer without a meter");
}

async function minutesOf({ client }: SimulatedHouse, alias: string, today: Period): Promise<Map<number, number>> {
  const { channels } = await client.history(alias, today);
  const samples = channels.electric_power?.samples ?? [];
  return new Map(samples.flatMap(({ time, value }) => (time === null || value === null ? [] : [[time, value]])));
}
