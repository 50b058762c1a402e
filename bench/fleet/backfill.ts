/** A past day of many CEMMs into the database, while a worker is killed. */
import { setTimeout as pause } from "node:timers/promises";
import type { Fleet } from "../../test/fleet/fleet.js";
import { type Check, check } from "../support/report.js";
import { Order, WINDOW } from "./order.js";

const CEMMS = 300;
const DAY = "2026-01-31";
const MINUTES = 1440;
const AWAY_MS = 3000;

export async function backfillChecks(fleet: Fleet): Promise<Check[]> {
  const [, victim] = fleet.workers;
  const order = new Order(
    fleet,
    fleet.cemms.uids.slice(0, CEMMS).map((uid) => `day/${uid}/p1/${DAY}`),
  );
  const began = Date.now();
  await order.reached(1 / 3);
  await victim?.kill();
  await pause(AWAY_MS);
  await victim?.begin();
  await order.finished();
  const seconds = (Date.now() - began) / 1000;
  const counts = await fleet.database.ask("SELECT COUNT(electric_power) FROM cemm WHERE kind = 'day' GROUP BY uid");
  const points = counts.map(([, count]) => Number(count));
  const sum = (of: (count: number) => number) => points.reduce((total, count) => total + of(count), 0);
  const lost = (CEMMS - points.length) * MINUTES + sum((count) => Math.max(MINUTES - count, 0));
  const doubled = sum((count) => Math.max(count - MINUTES, 0));
  console.log(`\nHistory: ${CEMMS} days, ${sum((count) => count)} points in ${seconds.toFixed(1)} s, a worker killed`);
  console.table(
    Object.fromEntries(
      [fleet.collector, ...fleet.workers].map((each) => [each.name, { "most MB": Math.round(each.memory()) }]),
    ),
  );
  return [
    check("history, a worker killed: points lost", lost, "<=", 0),
    check("history, a worker killed: points doubled in the database", doubled, "<=", 0),
    check("history, a worker killed: jobs sent again", order.repeated().length, "<=", WINDOW),
  ];
}
