/** The examples that turn a meter's values into something else: a P1 meter for batteries, an alert, a run, a report. */
import assert from "node:assert/strict";
import { P1MeterApi } from "homewizard-energy-api";
import { z } from "zod";
import { alsoTo, button, debug, onlyPressed, priceButton, withNodes } from "./added.js";
import { clockLab, withProperties } from "./clock-lab.js";
import { eventually } from "./eventually.js";
import { daysOfMonth, gasOfMonth, live } from "./expected.js";
import type { Flow } from "./workbench.js";

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

describe("examples that turn a meter's values into something else", () => {
  const lab = clockLab();

  describe("17 A P1 meter for batteries and chargers", () => {
    const NAME = "17 A P1 meter for batteries and chargers";
    const meter = () => new P1MeterApi(lab.bench.nodeRed.url, { polling: { interval: 1000, stopOnError: true } });

    it("answers a client of HomeWizard's API as a HomeWizard P1 meter does", async () => {
      const before = await live("p1");
      await lab.deploy(NAME);
      await lab.bench.statuses("cemm-realtime", "green");
      assert.deepEqual(await meter().getBasicInformation(), {
        product_type: "HWE-P1",
        product_name: "P1 Meter",
        serial: lab.uid.toLowerCase().replaceAll("-", ""),
        firmware_version: "2.11",
        api_version: "v1",
      });
      const data = await eventually(() => meter().getData());
      const after = await live("p1");
      for (const [name, ...registers] of [
        ["total_power_import_kwh", "t1", "t2"],
        ["total_power_import_t1_kwh", "t1"],
        ["total_power_import_t2_kwh", "t2"],
        ["total_power_export_kwh", "t3", "t4"],
        ["total_power_export_t1_kwh", "t3"],
        ["total_power_export_t2_kwh", "t4"],
        ["total_gas_m3", "gas"],
        ["active_tariff", "rate"],
      ] as const) {
        const sum = (values: Record<string, number | null>) =>
          registers.reduce((total, register) => total + (values[register] ?? Number.NaN), 0);
        const shown = data[name] ?? Number.NaN;
        assert.ok(shown >= sum(before) - 0.001 && shown <= sum(after) + 0.001, `${name}: ${shown}`);
      }
      assert.equal(typeof data.active_power_w, "number");
      assert.match(String(data.gas_timestamp), /^\d{12}$/);
    });

    it("answers 503 while the CEMM is offline, and values once it is back", async () => {
      await lab.withoutCemms(async () => {
        await eventually(() => assert.rejects(meter().getData(), { statusCode: 503 }), 20_000);
      });
      await eventually(() => meter().getData(), 20_000);
    });
  });

  describe("22 Water that never stops", () => {
    const NAME = "22 Water that never stops";
    const NOW = Date.UTC(2026, 5, 16, 10);
    /** What the CEMM recorded, up to `now`: L/min of each minute. */
    const recorded = (now: number, flowAt: (minute: number) => number | null, minutes = 2040) => ({
      now,
      payload: Array.from({ length: minutes }, (_, n) => ({
        time: now - (minutes - n) * MINUTE,
        flow: flowAt(minutes - n),
      })),
    });
    const alert = (flow: number) => `Water has not stopped for 24 hours: at least ${flow} L/min. Is there a leak?`;
    /** Before these 24 hours the water stood still. */
    const leak = (now: number, least: number) =>
      recorded(now, (minute) => (minute > 1440 ? 0 : minute % 7 === 0 ? least : 6));

    beforeEach(() => lab.deploy(NAME, withHistory));

    it("does not warn if water stopped for a minute, or if many values are unknown", async () => {
      await lab.bench.press("every hour", { now: Date.now() });
      await lab.bench.statuses("cemm-history", "green");
      await lab.bench.press(
        "recorded",
        recorded(NOW, (minute) => (minute === 700 ? 0 : 0.4)),
      );
      await lab.bench.press(
        "recorded",
        recorded(NOW, (minute) => (minute < 200 ? null : 0.4)),
      );
      await lab.bench.press(
        "recorded",
        recorded(NOW, () => 0.4, 600),
      );
      // The first alert is of this leak, so there was none before it.
      await lab.bench.press("recorded", leak(NOW, 0.3));
      assert.equal(await lab.bench.shown("alert", z.string()), alert(0.3));
      assert.equal(lab.bench.sofar("alert", z.string()).length, 1);
    });

    it("warns once a day about water that has not stopped for 24 hours", async () => {
      await lab.bench.press("recorded", leak(NOW, 0.24));
      await lab.bench.press("recorded", leak(NOW + 60 * MINUTE, 0.25));
      await lab.bench.press("recorded", leak(NOW + DAY, 0.26));
      assert.deepEqual(await lab.bench.take("alert", z.string(), 2), [alert(0.24), alert(0.26)]);
    });

    function withHistory(flow: Flow): Flow {
      return withNodes(onlyPressed(flow), button("recorded", "leak-day"));
    }
  });

  describe("23 One run of a machine", () => {
    const NAME = "23 One run of a machine";
    const HALF = 30_000;
    let time = Date.UTC(2026, 5, 1, 12);

    const power = async (watts: number | null, minutes: number, stale = false) => {
      for (let n = 0; n < minutes * 2; n++, time += HALF) {
        const channels = { electric_power: { time, stale } };
        const payload = { electric_power: watts };
        await lab.bench.press("power", { payload, cemm: { uid: lab.uid, alias: "s01", time, channels } });
      }
    };
    const wash = async () => {
      await power(2000, 20);
      await power(150, 40);
      await power(1, 7);
    };

    beforeEach(async () => {
      await lab.deploy(NAME, withPower);
      await power(1, 5);
    });

    it("reports the energy, duration and cost of each run", async () => {
      const begin = time;
      await wash();
      await wash();
      // 2 kW for 20 minutes and 150 W for 40; at 0.27 euro.
      const sentence = "0.767 kWh in 1 h 0 min: 0.21 euro.";
      assert.deepEqual(await lab.bench.take("one run", z.string(), 2), [sentence, sentence]);
      const [{ run } = assert.fail("no run")] = await lab.bench.take("run", RunMessage, 1);
      assert.ok(Math.abs(run.begin - begin) <= HALF && Math.abs(run.end - begin - 60 * MINUTE) <= HALF);
      assert.deepEqual([run.minutes, run.kWh, run.euro], [60, 0.767, 0.21]);
    });

    it("uses the price of each quarter-hour if it is known", async () => {
      const prices = [0.1, 0.4].map((buy, n) => ({ time: time + n * 20 * MINUTE, buy, sell: 0 }));
      await lab.bench.press("prices", { payload: prices, topic: "prices" });
      await wash();
      // The first 20 minutes at 10 cents, the others at 40.
      const [{ run } = assert.fail("no run")] = await lab.bench.take("run", RunMessage, 1);
      assert.equal(run.euro, Number(((2 / 3) * 0.1 + 0.1 * 0.4).toFixed(2)));
    });

    it("ignores old and unknown values", async () => {
      await power(2000, 20);
      await power(60_000, 10, true);
      await power(null, 10);
      await power(150, 40);
      await power(1, 7);
      const [{ run } = assert.fail("no run")] = await lab.bench.take("run", RunMessage, 1);
      assert.ok(run.kWh > 0.7 && run.kWh < 0.8, `${run.kWh}`);
    });

    function withPower(flow: Flow): Flow {
      const silenced = withProperties(flow, { "cemm-realtime": { repeat: 0 } });
      const added = [button("power", "run-known"), ...priceButton(), debug("run", "true")];
      return withNodes(alsoTo(silenced, "run-sum", "run"), ...added);
    }
  });

  describe("24 A report each month", () => {
    const NAME = "24 A report each month";

    for (const now of ["2026-07-01T07:00+02:00", "2026-01-01T07:00+01:00"]) {
      it(`compares the month before ${now.slice(0, 10)} with the same month a year earlier`, async () => {
        lab.stopClockAt(Date.parse(now));
        await lab.deploy(NAME, (flow) => untilNow(flow));
        await lab.bench.press("on the 1st", { now: Date.parse(now) });
        const [electricity = "", gas = "", ...more] = (await lab.bench.shown("report", z.string())).split("\n");
        const date = new Date(Date.parse(now) - 7 * DAY);
        const month = date.toLocaleDateString("en-US", { month: "long", year: "numeric" });
        const iso = date.toISOString().slice(0, 7);
        const before = `${date.getUTCFullYear() - 1}${iso.slice(4)}`;
        const pattern = /^(\w+) in (\w+ \d{4}): (-?\d+) (\S+), a year earlier (-?\d+) (\S+)( \([+-]?\d+ %\))?$/;
        for (const { line, of, unit, sumOf } of [
          { line: electricity, of: "Electricity", unit: "kWh", sumOf: netOf },
          { line: gas, of: "Gas", unit: "m³", sumOf: gasOfMonth },
        ]) {
          const match = pattern.exec(line) ?? assert.fail(line);
          assert.deepEqual([match[1], match[2], match[4], match[6]], [of, month, unit, unit]);
          const [current, yearBefore] = [await sumOf(iso), await sumOf(before)];
          assert.ok(Math.abs(Number(match[3]) - current) <= 1, `${line}, not ${current}`);
          assert.ok(Math.abs(Number(match[5]) - yearBefore) <= 1, `${line}, not ${yearBefore}`);
        }
        assert.deepEqual(more, []);
        assert.deepEqual(lab.bench.complaints(), []);
      });
    }

    /** kWh, bought minus sold. */
    async function netOf(month: string): Promise<number> {
      const days = await daysOfMonth(month);
      return days.reduce((total, { low, high }) => total + low + high, 0);
    }

    /** The years up to `msg.now` instead of the real time. */
    function untilNow(flow: Flow): Flow {
      const years = {
        time: "$string($number($moment(now).format('YYYY')) - 2)",
        timeType: "jsonata",
        to: "now",
        toType: "msg",
      };
      return onlyPressed(flow).map((node) => (node.type === "cemm-history" ? { ...node, ...years } : node));
    }
  });
});

const RunMessage = z.looseObject({
  run: z.object({ begin: z.number(), end: z.number(), minutes: z.number(), kWh: z.number(), euro: z.number() }),
});
