/** The example that fills gaps: to simulate an outage, what would not have been written is deleted. */
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { eventually } from "../eventually.js";
import { type DayTotals, dateOf, dayFromToday, daysOf2025, minutesOf } from "../expected.js";
import { freshDatabase, rowsOf } from "../influxdb.js";
import type { Lab } from "../lab.js";
import type { Proxied } from "../proxy.js";
import { checkDashboard } from "./grafana.js";
import { isNotInMarch, withoutMarch } from "./years.js";

const NAME = "18 A database without gaps";
const MINUTE = 60_000;
const FILL_MS = 30_000;
/** How long the palette does not query an InfluxDB that failed. */
const BACKOFF_MS = 1000;
/** The palette's errors for an InfluxDB that is down, drops the connection, failed for another node, or is shutting down. */
const AWAY = /ECONN|socket hang up|No host available|engine is closed/;

export const gaps = {
  async [NAME](lab: Lab) {
    const { bench, influxdb } = lab;
    const fill = () => bench.press("every quarter");
    await bench.clear();
    await freshDatabase(bench.description());
    await bench.deploy(NAME);
    await holdsAll(31);

    // Node-RED was down.
    await bench.finish();
    await deleteHours(26);
    await bench.deploy(NAME);
    await holdsAll(2);

    // The CEMM was down.
    await deleteHours(26);
    await lab.withoutCemms(async () => {
      await fill();
      await bench.complains(/127\.0\.0\.1:8080/);
    });
    await fill();
    await holdsAll(2);

    // InfluxDB was down, and stops again while the CEMM is asked.
    await deleteHours(26);
    await influxdb.stop();
    await fill();
    await bench.complains(AWAY);
    await influxdb.begin();
    await pause(BACKOFF_MS);
    let hasStopped = false;
    const ending: Proxied = async (_url, pass) => {
      // Only once: it restarts while other examples ask the CEMM.
      if (!hasStopped) {
        hasStopped = true;
        await influxdb.stop();
      }
      return pass();
    };
    await lab.withProxy(ending, async () => {
      await fill();
      await bench.complains(AWAY);
      await influxdb.begin();
    });
    await pause(BACKOFF_MS);
    await fill();
    await holdsAll(2);

    // One of three days cannot be read: later days are not written, so that it is requested again.
    await deleteHours(72);
    await lab.withProxy(without(dayFromToday(-1)), async () => {
      await fill();
      await bench.complains(/1 of 4 days are missing/);
      await eventually(async () => assert.equal(dateOf((await newest()) + MINUTE), dayFromToday(-1)), FILL_MS);
    });
    await lab.withProxy(without(dayFromToday(-2)), async () => {
      const before = await newest();
      await fill();
      await bench.complains(/1 of 3 days are missing/);
      await pause(BACKOFF_MS);
      assert.equal(await newest(), before);
    });
    await fill();
    await holdsAll(4);
    await holdsYear(lab);
  },
};

/** The second button writes the days of a year, beside the minutes. */
async function holdsYear(lab: Lab): Promise<void> {
  const { bench, uids } = lab;
  const days = await daysOf2025();
  const holds = async (written: DayTotals[]) => {
    const query =
      "SELECT COUNT(electric_energy_low) AS days, SUM(electric_energy_low) AS low, SUM(electric_energy_high) AS high FROM cemm WHERE alias = 'p1' AND kind = 'month'";
    const [row] = await rowsOf(query);
    const sum = (of: "low" | "high") => written.reduce((total, day) => total + day[of], 0);
    assert.equal(row?.days, written.length);
    assert.ok(Math.abs(Number(row.low) - sum("low")) < 1e-6, JSON.stringify(row));
    assert.ok(Math.abs(Number(row.high) - sum("high")) < 1e-6, JSON.stringify(row));
  };
  await lab.withProxy(withoutMarch, async () => {
    await bench.press("a year");
    await bench.complains(/1 of 12 months are missing, the first is 2025-03/);
    await eventually(() => holds(days.filter(isNotInMarch)));
  });
  // Writing twice gives the same points.
  for (let n = 0; n < 2; n++) {
    await bench.press("a year");
    await eventually(() => holds(days), FILL_MS);
  }
  const [first] = await rowsOf(
    "SELECT electric_energy_low AS low, uid FROM cemm WHERE kind = 'month' ORDER BY time LIMIT 1",
  );
  assert.equal(first?.time, Date.parse("2025-01-01T00:00:00+01:00"));
  assert.equal(first?.uid, uids[0]);
  assert.deepEqual(await rowsOf("SELECT electric_energy_low FROM cemm WHERE kind != 'month' LIMIT 1"), []);
  await checkDashboard(rowsOf);
}

/** As if nothing had been written for this many hours. */
async function deleteHours(hours: number): Promise<void> {
  await rowsOf(`DELETE FROM cemm WHERE time > ${Date.now() - hours * 60 * MINUTE}ms`);
}

/** Resolves once the database holds the CEMM's value of every minute of today and the days before it, each once. */
async function holdsAll(days: number): Promise<void> {
  const until = Date.now() - 2 * MINUTE;
  const dates = Array.from({ length: days + 1 }, (_, n) => dayFromToday(n - days));
  const all = await Promise.all(dates.map((date) => minutesOf("p1", date)));
  const expected = all.flat().filter(({ time }) => time <= until);
  assert.ok(expected.length >= days * 1380, `${expected.length} minutes of ${days} days`);
  const query = `SELECT electric_power AS power FROM cemm WHERE kind = 'day' AND time >= ${expected[0]?.time}ms AND time <= ${until}ms`;
  await eventually(async () => {
    const rows = await rowsOf(query);
    assert.equal(rows.length, expected.length);
    const firstWrong = expected.find(({ time, power }, n) => rows[n]?.time !== time || rows[n]?.power !== power);
    assert.equal(firstWrong, undefined);
  }, FILL_MS);
}

async function newest(): Promise<number> {
  const [row] = await rowsOf("SELECT LAST(electric_power) FROM cemm WHERE kind = 'day'");
  return Number(row?.time);
}

/** A CEMM that fails every request for that day. */
const without =
  (date: string): Proxied =>
  async ({ searchParams }, pass) => {
    const time = searchParams.get("time");
    return time && dateOf(Number(time) * 1000) === date ? new Response(null, { status: 500 }) : pass();
  };
