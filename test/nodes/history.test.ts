/** `cemm-history`: the formats of one period. */
import assert from "node:assert/strict";
import { z } from "zod";
import { fixture } from "../support/fixtures.js";
import { flows, startFlow } from "../support/flow.js";
import { originOf } from "../support/flow-seen.js";
import { testbed, UID } from "../support/server.js";
import { json } from "../support/server-answers.js";

const JAN = Date.parse("2026-01-01T00:00+01:00");
const DAY_MS = 86_400_000;
const MONTH = {
  io_id: "88",
  time: JAN / 1000,
  data: {
    electric_energy_low: [
      [JAN + DAY_MS, 2.5],
      [JAN, "1.5"],
      [JAN, 1.5],
    ],
    electric_energy_high: [
      [JAN + 2 * DAY_MS, null],
      [JAN + DAY_MS, -4],
      [0, 0],
    ],
  },
};
const type = "cemm-history";
const Chart = z.object({
  payload: z.unknown(),
  ui_update: z.object({
    chartOptions: z.object({
      xAxis: z.object({ min: z.number(), max: z.number() }),
      yAxis: z.object({ name: z.string() }),
      series: z.array(z.object({ type: z.string(), stack: z.string(), data: z.array(z.unknown()) })),
    }),
  }),
});
const JANUARY = { period: "month", time: "2026-01", timeType: "str" };

describe("cemm-history", () => {
  flows();
  const bed = testbed();

  async function start(properties: Record<string, unknown>, body: unknown = MONTH) {
    const { host } = await bed.serve(json(body));
    return startFlow({ node: { type, ...JANUARY, ...properties }, device: { host, name: "House" } });
  }

  for (const format of [undefined, "series"]) {
    it(`format series${format ? "" : " (default)"}: oldest first, each sample once, without pairs of unknown time`, async () => {
      const flow = await start(format ? { format } : {});
      assert.deepEqual((await flow.answer()).payload, {
        electric_energy_low: [
          { time: JAN, value: 1.5 },
          { time: JAN + DAY_MS, value: 2.5 },
        ],
        electric_energy_high: [
          { time: JAN + DAY_MS, value: -4 },
          { time: JAN + 2 * DAY_MS, value: null },
        ],
      });
    });
  }

  it("format rows: one row for each distinct time", async () => {
    const flow = await start({ format: "rows" });
    assert.deepEqual((await flow.answer()).payload, [
      { time: JAN, electric_energy_low: 1.5, electric_energy_high: null },
      { time: JAN + DAY_MS, electric_energy_low: 2.5, electric_energy_high: -4 },
      { time: JAN + 2 * DAY_MS, electric_energy_low: null, electric_energy_high: null },
    ]);
  });

  it("format points: time, channel, value and unit", async () => {
    const flow = await start({ format: "points" });
    const low = { channel: "electric_energy_low", unit: "kWh" };
    const high = { channel: "electric_energy_high", unit: "kWh" };
    assert.deepEqual((await flow.answer()).payload, [
      { time: JAN, value: 1.5, ...low },
      { time: JAN + DAY_MS, value: 2.5, ...low },
      { time: JAN + DAY_MS, value: -4, ...high },
      { time: JAN + 2 * DAY_MS, value: null, ...high },
    ]);
  });

  it("format influx: one point for each distinct time, without nulls", async () => {
    const flow = await start({ format: "influx" });
    const point = { measurement: "cemm", tags: { uid: UID, alias: "p1", kind: "month" } };
    assert.deepEqual((await flow.answer()).payload, [
      { ...point, fields: { electric_energy_low: 1.5 }, timestamp: new Date(JAN) },
      { ...point, fields: { electric_energy_low: 2.5, electric_energy_high: -4 }, timestamp: new Date(JAN + DAY_MS) },
    ]);
  });

  it("format chart: options of a ui-chart without a payload, which the chart would draw at the time it arrives", async () => {
    const flow = await start({ format: "chart" });
    const { payload, ui_update } = Chart.parse(await flow.answer({ payload: 5 }));
    assert.equal(payload, undefined);
    const { xAxis, yAxis, series } = ui_update.chartOptions;
    const half = DAY_MS / 2;
    assert.deepEqual([xAxis.min, xAxis.max, yAxis.name], [JAN - half, JAN + 31 * DAY_MS - half, "kWh"]);
    assert.deepEqual(
      series.map(({ type, stack, data }) => [type, stack, data.slice(0, 2)]),
      [
        [
          "bar",
          "kWh",
          [
            [JAN, 1.5],
            [JAN + DAY_MS, 2.5],
          ],
        ],
        [
          "bar",
          "kWh",
          [
            [JAN + DAY_MS, -4],
            [JAN + 2 * DAY_MS, null],
          ],
        ],
      ],
    );
  });

  for (const [toType, expected] of [
    ["none", MONTH],
    ["str", [MONTH]],
  ] as const) {
    it(`format raw: the unchanged body; an array of bodies for a range, even of one period (${toType})`, async () => {
      const flow = await start({ format: "raw", to: "2026-01", toType });
      assert.deepEqual((await flow.answer()).payload, expected);
    });
  }

  it("drops the placeholder of a day's last second; a null inside the day stays null", async () => {
    const start = 1_587_420_000_000;
    const day = {
      data: {
        electric_power: [
          [start + 86_399_000, null],
          [start + 120_000, 3],
          [start + 60_000, null],
          [start, 1],
        ],
      },
    };
    const { host } = await bed.serve(json(day));
    const flow = await startFlow({ node: { type, time: "2020-04-21", timeType: "str" }, device: { host } });
    assert.deepEqual((await flow.answer()).payload, {
      electric_power: [
        { time: start, value: 1 },
        { time: start + 60_000, value: null },
        { time: start + 120_000, value: 3 },
      ],
    });
  });

  it("reads the vendor's example of a day to its last sample", async () => {
    const { host } = await bed.serve(json(fixture("lan/day-p1")));
    const flow = await startFlow({ node: { type, time: "1587420000", timeType: "num" }, device: { host } });
    const answer = await flow.answer();
    const { ioId, period, time } = originOf(answer);
    assert.equal(ioId, 88);
    assert.deepEqual(period, {
      unit: "day",
      start: 1_587_420_000_000,
      end: 1_587_506_400_000,
      timezone: "Europe/Amsterdam",
    });
    assert.equal(time, 1_587_506_340_000);
    assert.match(flow.shown().at(-1) ?? "", /^green dot .*samples$/);
  });

  it("leaves out future samples", async () => {
    const now = Date.now();
    const data = {
      gas: [
        [now + DAY_MS, 0],
        [now - 1000, 2],
      ],
    };
    const { host } = await bed.serve(json({ data }));
    const flow = await startFlow({ node: { type, period: "year" }, device: { host } });
    assert.deepEqual((await flow.answer()).payload, { gas: [{ time: now - 1000, value: 2 }] });
  });
});
