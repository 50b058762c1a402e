/**
 * The example *The energy page*: in a real Node-RED, against the simulator, seen in a real browser. The values are held
 * against what the simulator says; what was used and fed in in a month or a year against its meter's readings.
 */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { type Simulator, startSimulator } from "../../src/simulator/simulator.js";
import { startBrowser } from "../editor/editor.js";
import { type FlowNode, type NodeRed, startNodeRed } from "../support/node-red.js";
import { EnergyPage, type EnergyPageOptions } from "./energy-page.js";
import { Truth } from "./energy-truth.js";
import { dashboard } from "./palettes.js";
import { dateOf, hourOf } from "./truth.js";
import { FOLDER } from "./workbench.js";

const EXAMPLE = "04 The energy page";
/** Two at a time. */
const WIDTHS = [
  [390, 768],
  [1100, 1600],
];
const MARKUP = `<img src=x onerror="document.title='hacked'">`;

describe("the energy page", () => {
  let simulator: Simulator;
  let truth: Truth;
  let nodeRed: NodeRed;
  let browser: Browser;

  before(async () => {
    simulator = await startSimulator({ lanPort: 0, cloudPort: 0, udpPort: 0 });
    truth = new Truth(simulator);
    nodeRed = await startNodeRed({ packages: [dashboard], flows: flowFor(simulator) });
    browser = await startBrowser();
  });
  after(async () => {
    await browser?.close();
    await nodeRed?.stop();
    await simulator?.close();
  });

  const open = (options?: EnergyPageOptions) => EnergyPage.open(browser, nodeRed.url, options);
  const today = () => dateOf(Date.now());
  /** What nothing caught, and what the flow's own debug node told. */
  const complaints = () => nodeRed.debug.all.map(({ value }) => value);

  it("shows what the meters measure now, and their readings", async () => {
    const page = await open();
    const before = await truth.live("p1", "data");
    const shown = numberIn(await page.text(".energy-big b"));
    const after = await truth.live("p1", "data");
    const powers = [before, after].map((values) => Math.abs(values.electric_power ?? Number.NaN));
    assert.ok(powers.includes(shown), `${shown}: ${powers}`);
    assert.match(await page.text(".energy-state"), /^My CEMM answers · \d\d:\d\d:\d\d$/);

    const readings = await page.rows("readings");
    const water = await truth.live("pulse-3", "totals");
    const names = {
      t1: "Used, low tariff",
      t2: "Used, normal tariff",
      t3: "Fed in, low tariff",
      t4: "Fed in, normal tariff",
      gas: "Gas",
    };
    for (const [channel, name] of Object.entries(names)) near(readings[name], after[channel], 0.2, name);
    near(readings.Water, water.volume, 0.2, "water");
    await page.close();
  });

  it("draws the last hour at once", async () => {
    const page = await open();
    assert.ok((await page.points("hour", "grid")) >= 58, `${await page.points("hour", "grid")} points`);
    assert.match((await page.read("hour", 0.5)).join(" "), /^\d\d:\d\d .*W/);
    await page.close();
  });

  it("shows today beside yesterday: used and fed in, sun, gas and water", async () => {
    const page = await open();
    const shown = await page.sums();
    assert.deepEqual(await page.texts(".energy-sums thead th"), ["", "Today", "Yesterday"]);
    const yesterday = await sumsOf(earlier(today()));
    const now = await sumsOf(today());
    for (const [name, value] of Object.entries(yesterday)) near(shown[name]?.[1], value, 0.01, `${name} of yesterday`);
    // What came since the page asked: a quarter of an hour at most.
    for (const [name, value] of Object.entries(now)) near(shown[name]?.[0], value, name === "Water" ? 50 : 2, name);
    await page.close();
  });

  async function sumsOf(date: string): Promise<Record<string, number>> {
    const [grid, roof, inverter, gas, water] = await Promise.all([
      truth.day("p1", "electric_power", date),
      truth.day("s01", "electric_power", date),
      truth.day("mb3", "electric_power", date),
      truth.day("p1-gas", "gas", date),
      truth.day("pulse-3", "flow", date),
    ]);
    const sun = [roof, inverter].reduce((sum, { used, fed }) => sum + used - fed, 0) / 60_000;
    const [used, fed] = [grid.used / 60_000, grid.fed / 60_000];
    const house = used - fed + sun;
    return { Used: used, "Fed in": fed, Sun: Math.max(sun, 0), House: house, Gas: gas.used, Water: water.used };
  }

  it("goes back and forth by day", async () => {
    const page = await open();
    assert.ok(await page.later().isDisabled(), "after today");
    const [, yesterday] = columns(await page.sums());
    await page.earlier();
    assert.deepEqual(columns(await page.sums())[0], yesterday);
    assert.equal(await page.text(".energy-which strong"), longDate(earlier(today())));
    await page.earlier();
    assert.deepEqual(columns(await page.sums())[1]?.length, yesterday?.length);
    await page.press(page.later());
    assert.deepEqual(columns(await page.sums())[0], yesterday);
    await page.press(page.page.locator(".energy-today"));
    assert.equal(await page.text(".energy-which strong"), longDate(today()));
    await page.close();
  });

  it("adds up a month, used and fed in apart, as the meter's readings do", async () => {
    const page = await open();
    await page.view("Month");
    await page.earlier();
    const month = lastMonth(today());
    const days = Number(lastDay(month).slice(8));
    const { used, fed } = await truth.between(earlier(`${month}-01`), lastDay(month));
    const sums = await page.sums();
    near(sums.Used?.[0], used, 0.02, "used");
    near(sums["Fed in"]?.[0], fed, 0.02, "fed in");
    near(sums.Gas?.[0], await truth.month("p1-gas", ["gas"], month), 0.01, "gas");
    near(sums.Water?.[0], 1000 * (await truth.month("pulse-3", ["volume"], month)), 1, "water");

    for (const day of [1, 7, days]) {
      const date = `${month}-${`${day}`.padStart(2, "0")}`;
      const energy = await truth.between(earlier(date), date);
      const [name, shownUsed, shownFed] = await page.read("period", (day - 0.5) / days);
      assert.match(name ?? "", new RegExp(`\\b${day}\\b`));
      near(shownUsed?.replace("Used", ""), energy.used, 0.01, `used on ${date}`);
      near(shownFed?.replace("Fed in", ""), energy.fed, 0.01, `fed in on ${date}`);
    }
    await page.close();
  });

  it("adds up a year", async () => {
    const page = await open();
    await page.view("Year");
    await page.earlier();
    const year = String(Number(today().slice(0, 4)) - 1);
    assert.equal(await page.text(".energy-which strong"), year);
    const { used, fed } = await truth.between(earlier(`${year}-01-01`), `${year}-12-31`);
    const sums = await page.sums();
    near(sums.Used?.[0], used, 0.6, "used");
    near(sums["Fed in"]?.[0], fed, 0.6, "fed in");
    const march = await truth.between(`${year}-02-28`, `${year}-03-31`);
    const [name, shownUsed] = await page.read("period", 2.5 / 12);
    assert.equal(name, "March");
    if (Number(year) % 4 !== 0) near(shownUsed?.replace("Used", ""), march.used, 0.02, "used in March");
    await page.close();
  });

  for (const language of ["en-US", "nl-NL"]) {
    for (const scheme of ["light", "dark"] as const) {
      it(`can be read at every width: ${language}, ${scheme}`, async () => {
        for (const both of WIDTHS) await Promise.all(both.map((width) => readable({ width, language, scheme })));
      });
    }
  }

  /** In each view, and wherever somebody points at the chart of a day. */
  async function readable(options: { width: number; language: string; scheme: "light" | "dark" }): Promise<void> {
    const { width, language } = options;
    const page = await open(options);
    const [day, ...others] = language === "nl-NL" ? ["Dag", "Maand", "Jaar"] : ["Day", "Month", "Year"];
    const at = `${width}, ${day}`;
    assert.deepEqual(await page.unreadable(), [], at);
    assert.deepEqual(await page.faint(), [], at);
    for (const share of [0.03, 0.49, 0.97]) {
      await page.read("period", share);
      assert.deepEqual((await page.unreadable()).filter(isOutside), [], `${at}, pointed at ${share}`);
    }
    await page.page.mouse.move(0, 0);
    for (const view of others) {
      await page.view(view);
      assert.deepEqual(await page.unreadable(), [], `${width}, ${view}`);
    }
    await page.close();
  }

  it("is dark where the browser is", async () => {
    const [light, dark] = [await open({ scheme: "light" }), await open({ scheme: "dark" })];
    const behind = ({ page }: EnergyPage) =>
      page.evaluate(() =>
        [".energy-card", ".nrdb-app", "body"].map((part) => {
          const { backgroundColor = "" } = getComputedStyle(document.querySelector(part) ?? document.body);
          return (backgroundColor.match(/\d+/g) ?? []).slice(0, 3).map(Number);
        }),
      );
    for (const color of (await behind(light)).flat()) assert.ok(color > 200, `light: ${color}`);
    for (const color of (await behind(dark)).flat()) assert.ok(color < 60, `dark: ${color}`);
    await light.close();
    await dark.close();
  });

  it("speaks Dutch in a Dutch browser, English in any other", async () => {
    const [dutch, german] = [await open({ language: "nl-BE" }), await open({ language: "de-DE" })];
    assert.deepEqual(await dutch.texts(".energy-views button"), ["Dag", "Maand", "Jaar"]);
    assert.match(await dutch.text(".energy-state"), /^My CEMM antwoordt · /);
    assert.match(await dutch.text(".energy-readings dd"), /^[\d.]+,\d kWh$/);
    assert.match(await dutch.text(".energy-which strong"), /^\w+dag \d+ \w+ \d{4}$/);
    assert.deepEqual(await german.texts(".energy-views button"), ["Day", "Month", "Year"]);
    assert.match(await german.text(".energy-readings dd"), /^[\d,]+\.\d kWh$/);
    const [english, own] = await Promise.all(
      [german, dutch].map((page) => page.texts(".energy h2, .energy th, .energy dt")),
    );
    const same = (english ?? []).filter((text) => text && own?.includes(text));
    assert.deepEqual([...new Set(same)].sort(), ["Gas", "Gas m³", "Water", "Water L"]);
    await dutch.close();
    await german.close();
  });

  it("shows the CEMM's own time, wherever the browser is", async () => {
    for (const timezone of ["Pacific/Auckland", "America/Los_Angeles"]) {
      const page = await open({ timezone });
      assert.equal(await page.text(".energy-which strong"), longDate(today()));
      const [, shown = ""] = /· (\d\d):/.exec(await page.text(".energy-state")) ?? [];
      assert.ok([0, 1].includes((hourOf(Date.now()) - Number(shown) + 24) % 24), shown);
      await page.close();
    }
  });

  it("lets each browser look at what it likes", async () => {
    const [one, other] = [await open(), await open()];
    await one.view("Month");
    await other.earlier();
    assert.equal(await other.text(".energy-which strong"), longDate(earlier(today())));
    await one.settled();
    assert.deepEqual(await one.texts(".energy-views [aria-pressed=true]"), ["Month"]);
    assert.equal((await one.texts(".energy-period .energy-x"))[1], "5");
    await one.close();
    await other.close();
  });

  it("asks nothing in vain, and complains of nothing", async () => {
    assert.deepEqual(complaints(), []);
  });

  describe("of a CEMM with nothing but a smart meter", () => {
    let small: Simulator;
    before(async () => {
      small = await startSimulator({ lanPort: 0, cloudPort: 0, udpPort: 0, meters: ["p1"], seed: 2 });
      await nodeRed.deploy(flowFor(small));
    });
    after(() => small.close());

    it("shows neither gas nor water nor sun", async () => {
      const page = await open();
      assert.deepEqual(Object.keys(await page.sums()), ["Used", "Fed in"]);
      assert.deepEqual(Object.keys(await page.rows("readings")).length, 4);
      assert.deepEqual(Object.keys(await page.rows("now")), ["Tariff"]);
      assert.equal(await page.page.locator(".energy-gas, .energy-water").count(), 0);
      assert.deepEqual(await page.unreadable(), []);
      await page.view("Month");
      assert.deepEqual(Object.keys(await page.sums()), ["Used", "Fed in"]);
      await page.close();
      assert.deepEqual(complaints(), []);
    });

    it("shows its own days, not those of the one before", async () => {
      const page = await open();
      await page.view("Month");
      await page.earlier();
      const month = lastMonth(today());
      const { used } = await new Truth(small).between(earlier(`${month}-01`), lastDay(month));
      near((await page.sums()).Used?.[0], used, 0.02, "used");
      await page.close();
    });
  });

  it("counts the gas of a meter that tells litres a minute", async () => {
    const two = await startSimulator({ lanPort: 0, cloudPort: 0, udpPort: 0, devices: 2 });
    // The second one's meter does.
    const second = { ...two, addresses: { ...two.addresses, lan: two.addresses.lan.slice(1) } };
    await nodeRed.deploy(flowFor(second));
    const page = await open();
    const litres = await new Truth(second).day("p1-gas", "gas", earlier(today()));
    near((await page.sums()).Gas?.[1], litres.used / 1000, 0.01, "gas of yesterday");
    await page.close();
    await two.close();
  });

  it("says when what the CEMM tells is old", async () => {
    const late = await startSimulator({ lanPort: 0, cloudPort: 0, udpPort: 0, now: () => Date.now() - 1_200_000 });
    await nodeRed.deploy(flowFor(late));
    const page = await EnergyPage.openSilent(browser, nodeRed.url);
    await page.page.locator(".energy-state.bad").waitFor({ timeout: 30_000 });
    assert.match(await page.text(".energy-state"), /^My CEMM · last measured \d\d:\d\d:\d\d$/);
    await page.close();
    await late.close();
  });

  it("says when the CEMM does not answer, since when, and that it is back", async () => {
    const brief = await startSimulator({ lanPort: 0, cloudPort: 0, udpPort: 0, meters: ["p1", "p1-gas"] });
    await nodeRed.deploy(flowFor(brief));
    const watching = await open();
    await brief.close();
    const silent = watching.page.locator(".energy-state.bad");
    await silent.waitFor({ timeout: 30_000 });
    assert.match(await watching.text(".energy-state.bad"), /^My CEMM does not answer since \d\d:\d\d$/);

    const late = await EnergyPage.openSilent(browser, nodeRed.url, { language: "nl-NL" });
    await late.page.locator(".energy-state.bad").waitFor({ timeout: 30_000 });
    assert.match(await late.text(".energy-state"), /^CEMM antwoordt niet sinds \d\d:\d\d$/);
    assert.deepEqual(await late.unreadable(), []);

    const [, lanPort] = brief.addresses.lan[0]?.split(":") ?? [];
    const back = await startSimulator({ lanPort: Number(lanPort), cloudPort: 0, udpPort: 0, meters: ["p1", "p1-gas"] });
    for (const page of [watching, late]) {
      await page.page.locator(".energy-state.good").waitFor({ timeout: 60_000 });
      await page.settled();
      assert.ok("Gas" in (await page.sums()), "gas is back");
      await page.close();
    }
    await back.close();
  });

  it("shows a name with markup as it is", async () => {
    await nodeRed.deploy(flowFor(simulator, MARKUP));
    const page = await open();
    assert.ok((await page.text(".energy-state")).startsWith(`${MARKUP} answers`));
    assert.equal(await page.page.locator(".energy img").count(), 0);
    assert.notEqual(await page.page.title(), "hacked");
    await page.close();
  });
});

/** The example, with the address of a simulator in place of the usual one. */
function flowFor({ addresses }: Simulator, name = "My CEMM"): FlowNode[] {
  const flow: FlowNode[] = JSON.parse(readFileSync(join(FOLDER, `${EXAMPLE}.json`), "utf8"));
  return flow.map((node) => (node.type === "cemm-device" ? { ...node, name, host: addresses.lan[0] } : node));
}

/** The number in a text of a browser that speaks English. */
function numberIn(text = ""): number {
  return Number.parseFloat(text.replaceAll(",", ""));
}

/** Within `by`, and what rounding for the screen adds. */
function near(shown: string | undefined, value: number | undefined, by: number, what: string): void {
  const [, digits = ""] = /\.(\d+)/.exec(shown ?? "") ?? [];
  const difference = Math.abs(numberIn(shown) - (value ?? Number.NaN));
  assert.ok(difference <= by + 0.5001 / 10 ** digits.length, `${what}: ${shown}, not ${value}`);
}

const isOutside = (problem: string) => problem.includes("leaves") || problem.includes("wider");

const columns = (sums: Record<string, string[]>) => [0, 1].map((n) => Object.values(sums).map((values) => values[n]));

function earlier(date: string): string {
  return new Date(Date.parse(date) - 86_400_000).toISOString().slice(0, 10);
}

const lastMonth = (date: string) => earlier(`${date.slice(0, 7)}-01`).slice(0, 7);

function lastDay(month: string): string {
  const [year, number] = month.split("-").map(Number);
  return new Date(Date.UTC(year ?? 0, number ?? 0, 0)).toISOString().slice(0, 10);
}

function longDate(date: string): string {
  const parts = { weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: "UTC" } as const;
  return new Date(date).toLocaleDateString("en-US", parts);
}
