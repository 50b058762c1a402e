/** A new `ui-chart` of Dashboard 2, with default settings, draws the format *for a dashboard chart*. */
import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { z } from "zod";
import { type Simulator, startSimulator } from "../../src/simulator/simulator.js";
import { startBrowser } from "../editor/editor.js";
import { type FlowNode, type NodeRed, startNodeRed } from "../support/node-red.js";
import { SERIES, Series, showCharts } from "./page.js";
import { dashboard } from "./palettes.js";

const Drawn = z.object({ errors: z.array(z.string()), series: Series });

/** A node as dragged from the palette. */
const CHART = {
  type: "ui-chart",
  label: "chart",
  chartType: "line",
  ...{ category: "topic", categoryType: "msg" },
  ...{ xAxisLabel: "", xAxisProperty: "", xAxisPropertyType: "timestamp", xAxisType: "time" },
  ...{ xAxisFormat: "", xAxisFormatType: "auto", xmin: "", xmax: "" },
  ...{ yAxisLabel: "", yAxisProperty: "payload", yAxisPropertyType: "msg", ymin: "", ymax: "" },
  ...{ bins: 10, action: "append", stackSeries: false, pointShape: "circle", pointRadius: 4, showLegend: true },
  ...{ removeOlder: 1, removeOlderUnit: "3600", removeOlderPoints: "", interpolation: "linear" },
  colors: ["#0095FF", "#FF0000"],
  ...{ textColor: ["#666666"], textColorDefault: true, gridColor: ["#e5e5e5"], gridColorDefault: true },
  ...{ width: 6, height: 8, className: "" },
};

const PAGES: FlowNode[] = [
  { id: "base", type: "ui-base", name: "Dashboard", path: "/dashboard", appIcon: "", includeClientData: true },
  {
    id: "theme",
    type: "ui-theme",
    name: "Theme",
    colors: { surface: "#fff", primary: "#0094CE", bgPage: "#eee", groupBg: "#fff", groupOutline: "#ccc" },
    sizes: {},
  },
  {
    id: "page",
    type: "ui-page",
    name: "Page",
    ui: "base",
    path: "/page",
    layout: "grid",
    theme: "theme",
    order: 1,
    visible: true,
    disabled: false,
  },
  {
    id: "group",
    type: "ui-group",
    name: "Group",
    page: "page",
    width: 6,
    height: 1,
    order: 1,
    showTitle: true,
    visible: true,
    disabled: false,
  },
];

describe("a new ui-chart", () => {
  let house: Simulator;
  let nodeRed: NodeRed;
  let browser: Browser;

  before(async () => {
    house = await startSimulator({ lanPort: 0, cloudPort: 0, udpPort: 0 });
    nodeRed = await startNodeRed({ packages: [dashboard] });
    browser = await startBrowser();
  });
  after(async () => {
    await browser?.close();
    await nodeRed?.stop();
    await house?.close();
  });

  /** Sends these periods one after the other, and returns what the chart shows then. */
  async function draw(periods: object[]): Promise<z.infer<typeof Drawn>> {
    const [host] = house.addresses.lan;
    const tab = { z: "tab", x: 0, y: 0 };
    const asking = { ...tab, type: "cemm-history", device: "cemm", alias: "p1", format: "chart", wires: [["chart"]] };
    const inject = { ...tab, type: "inject", props: [{ p: "payload" }], payload: "1", payloadType: "num" };
    await nodeRed.deploy([
      { id: "tab", type: "tab" },
      ...PAGES,
      { id: "cemm", type: "cemm-device", name: "House", host },
      ...periods.map((period, n) => ({ ...asking, id: `ask${n}`, ...period })),
      ...periods.map((_, n) => ({ ...inject, id: `go${n}`, wires: [[`ask${n}`]] })),
      { ...tab, ...CHART, id: "chart", group: "group", wires: [[]] },
    ]);
    const page = await browser.newPage();
    const errors: string[] = [];
    page.on("pageerror", ({ message }) => errors.push(message));
    await showCharts(page);
    await page.goto(`${nodeRed.url}/dashboard/page`);
    await page.locator(".nrdb-ui-chart canvas").waitFor();
    for (const n of periods.keys()) {
      const before = await shown(page);
      await nodeRed.inject(`go${n}`);
      await page.waitForFunction(`JSON.stringify(${SERIES}) !== ${JSON.stringify(before)}`);
    }
    const live = await shown(page);
    await page.reload();
    await page.locator(".nrdb-ui-chart canvas").waitFor();
    await page.waitForFunction(`${SERIES}.length > 0`);
    assert.ok((await shown(page)) === live, "shows the same after a reload");
    await page.close();
    return Drawn.parse({ errors, series: JSON.parse(live) });
  }

  const period = (unit: string, time: string) => ({ period: unit, time, timeType: "str" });
  const summary = ({ series }: z.infer<typeof Drawn>) =>
    series.map(
      ({ type, stack, data }) => `${type} of ${data.length}, ${stack === null ? "alone" : `on the stack ${stack}`}`,
    );

  it("draws a day as a line, although the chart keeps only an hour", async () => {
    const { errors, series } = await draw([period("day", "2026-03-10")]);
    assert.deepEqual(errors, []);
    assert.deepEqual(summary({ errors, series }), ["line of 1440, alone"]);
    assert.deepEqual([series[0]?.name, series[0]?.data[1]?.[0]], ["Power", Date.parse("2026-03-10T00:01+01:00")]);
  });

  for (const [unit, time, count] of [
    ["month", "2026-03", 31],
    ["year", "2025", 12],
  ] as const) {
    it(`draws a ${unit} as stacked bars, one series per tariff`, async () => {
      const drawn = await draw([period(unit, time)]);
      const bars = `bar of ${count}, on the stack kWh`;
      assert.deepEqual([drawn.errors, summary(drawn)], [[], [bars, bars]]);
    });
  }

  it("replaces the previous message: a month, then a day of 25 hours, then one of 23", async () => {
    const drawn = await draw([period("month", "2026-03"), period("day", "2025-10-26"), period("day", "2026-03-29")]);
    assert.deepEqual(summary(drawn), ["line of 1380, alone"]);
    assert.ok(drawn.series[0]?.data.every(([time]) => time < Date.parse("2026-03-30T00:00+02:00")));
  });
});

async function shown(page: Page): Promise<string> {
  return String(await page.evaluate(`JSON.stringify(${SERIES})`));
}
