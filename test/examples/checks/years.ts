/** The examples that write a year of days. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Doorkeeper } from "../door.js";
import { eventually } from "../eventually.js";
import { freshDatabase, rowsOf } from "../influxdb.js";
import type { Lab } from "../lab.js";
import { type DayOfTruth, daysOf2025 } from "../truth.js";

const Points = z.array(z.looseObject({ measurement: z.literal("cemm") }));

export const years = {
  async "16 A year to CSV"(lab: Lab) {
    const { bench } = lab;
    const days = await daysOf2025();
    assert.equal(days.length, 365);
    const writes = async (count: number, written: DayOfTruth[]) => {
      await bench.press("write 2025");
      const shown = await bench.take("written", z.string(), count);
      const lines = written.map(({ date, low, high }) => `${date},${low},${high}\n`);
      assert.equal(shown.at(-1), `date,low_kWh,normal_kWh\n${lines.join("")}`);
      assert.equal(readFileSync(join(bench.nodeRed.userDir, "cemm-2025.csv"), "utf8"), shown.at(-1));
    };
    // The second file must be as the first one was.
    await writes(1, days);
    await writes(2, days);
    await lab.withDoor(withoutMarch, async () => {
      await writes(3, days.filter(isNotInMarch));
      await bench.complains(/1 of 12 months are missing, the first is 2025-03/);
      await bench.finish();
    });
  },

  async "17 A year into InfluxDB"(lab: Lab) {
    const { bench, uids } = lab;
    await freshDatabase(bench.comment());
    const days = await daysOf2025();
    const holds = async (written: DayOfTruth[]) => {
      const [row] = await rowsOf(
        "SELECT COUNT(electric_energy_low) AS days, SUM(electric_energy_low) AS low, SUM(electric_energy_high) AS high FROM cemm WHERE alias = 'p1' AND device = 'My CEMM' AND kind = 'month'",
      );
      const sum = (of: "low" | "high") => written.reduce((total, day) => total + day[of], 0);
      assert.equal(row?.days, written.length);
      assert.ok(Math.abs(Number(row.low) - sum("low")) < 1e-6, JSON.stringify(row));
      assert.ok(Math.abs(Number(row.high) - sum("high")) < 1e-6, JSON.stringify(row));
    };
    await lab.withDoor(withoutMarch, async () => {
      await bench.press("write 2025");
      await bench.take("written", Points, 11);
      await eventually(() => holds(days.filter(isNotInMarch)));
      await bench.complains(/1 of 12 months are missing, the first is 2025-03/);
    });
    // Written twice they are the same points.
    for (const count of [23, 35]) {
      await bench.press("write 2025");
      await bench.take("written", Points, count);
      await eventually(() => holds(days));
    }
    const [first] = await rowsOf("SELECT electric_energy_low AS low, uid FROM cemm ORDER BY time LIMIT 1");
    assert.equal(first?.time, Date.parse("2025-01-01T00:00:00+01:00"));
    assert.equal(first?.uid, uids[0]);
    // Days and minutes of one meter must not meet in one series: other examples may write beside this one.
    assert.deepEqual(await rowsOf("SELECT electric_energy_low FROM cemm WHERE kind != 'month' LIMIT 1"), []);
  },
};

const withoutMarch: Doorkeeper = async ({ searchParams }, pass) => {
  const time = Number(searchParams.get("time")) * 1000;
  const isMarch = time >= Date.parse("2025-03-01T00:00+01:00") && time < Date.parse("2025-04-01T00:00+02:00");
  return isMarch ? new Response(null, { status: 500 }) : pass();
};

const isNotInMarch = ({ date }: DayOfTruth) => !date.startsWith("2025-03");
