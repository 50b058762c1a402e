/**
 * Every example, as the editor's import dialog gets it, in a real Node-RED, against the simulator, a real broker, a
 * real database and a real browser. They name the addresses that the demo has by default, so those must be free:
 * 8080 to 8082 and 9777, and the broker's 1883 and the database's 8086.
 */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { promisify } from "node:util";
import type { Browser } from "playwright-core";
import { z } from "zod";
import { type Simulator, startSimulator } from "../../src/simulator/simulator.js";
import { Editor, startBrowser } from "../editor/editor.js";
import { rowsOf, startInfluxdb } from "./influxdb.js";
import { Subscriber, startMosquitto } from "./mosquitto.js";
import { DashboardPage } from "./page.js";
import type { Server } from "./service.js";
import { dateOf, daysOf2025, daysOfMonth, hourOf, live } from "./truth.js";
import { FOLDER, Workbench } from "./workbench.js";

const run = promisify(execFile);

/** What the simulator's two houses have, by alias. */
const METERS = [
  ["mb3", "p1", "p1-gas", "pulse-3", "s01"],
  ["p1", "p1-gas", "s01"],
];

const Values = z.record(z.string(), z.number().nullable());
const Found = z.looseObject({
  uid: z.string(),
  host: z.string(),
  name: z.string(),
  meters: z.array(z.looseObject({ alias: z.string() })),
});
const Night = z.strictObject({ meter: z.string(), lowest: z.number(), unit: z.string() });
const Tariff = z.strictObject({ kWh: z.number(), euro: z.number() });
const Costs = z.strictObject({ day: z.string(), low: Tariff, normal: Tariff });
const Points = z.array(z.looseObject({ measurement: z.literal("cemm") }));
const SensorConfig = z.looseObject({
  name: z.string(),
  unique_id: z.string(),
  state_topic: z.string(),
  device: z.looseObject({ identifiers: z.tuple([z.string()]), name: z.literal("House") }),
});

describe("the examples", () => {
  const servers: Server[] = [];
  let broker: Server;
  let simulator: Simulator;
  let browser: Browser;
  let bench: Workbench;

  before(async () => {
    simulator = await startSimulator({ devices: 2 });
    broker = await startMosquitto();
    servers.push(await startInfluxdb());
    browser = await startBrowser();
    bench = await Workbench.start();
  });
  after(async () => {
    await bench?.stop();
    await browser?.close();
    await broker?.stop();
    for (const server of servers) await server.stop();
    await simulator?.close();
  });

  const subscribe = async (topic: string, options?: string[]): Promise<Subscriber> => {
    const subscriber = await Subscriber.start(topic, options);
    servers.push(subscriber);
    return subscriber;
  };

  const tests: Record<string, () => Promise<void>> = {
    async "First reading"() {
      const before = await live("p1");
      await bench.press("ask");
      const values = await bench.shown("values", Values);
      const after = await live("p1");
      assert.deepEqual(Object.keys(values).sort(), Object.keys(after).sort());
      for (const [channel, value] of Object.entries(values)) {
        // Readings count on between the three questions; power and tariff change with the minute at most.
        const [first = null, last = null] = [before[channel], after[channel]];
        const isBetween = value !== null && first !== null && last !== null && first <= value && value <= last;
        assert.ok(isBetween || value === first || value === last, `${channel}: ${first}, ${value}, ${last}`);
      }
    },

    async "Find CEMMs on the network"() {
      await bench.press("search");
      const found = await bench.shown("CEMMs", z.array(Found));
      const summary = found.map(({ uid, host, name, meters }) => [uid, host, name, meters.map(aliasOf).sort()]);
      const expected = simulator.uids.map((uid, n) => [
        uid,
        simulator.addresses.lan[n],
        ["CEMM Plus", "CEMM Basic"][n],
        METERS[n],
      ]);
      assert.deepEqual(summary, expected.sort());
    },

    async "Live power on a page"() {
      const page = await DashboardPage.open(browser, `${bench.nodeRed.url}/dashboard/live`);
      // The second value comes while the page is open.
      const [, status = ""] = await bench.statuses("cemm-realtime", "green", 2);
      const power = status.replace(" W", "");
      await page.gaugeShows(power);
      await page.chartShows(power);
      await page.close();
    },

    async "Switch a boiler on surplus"() {
      const [power = ""] = await bench.statuses("cemm-realtime", "green");
      const watts = Number.parseInt(power, 10);
      const real = watts < -1500 ? [true] : watts > 100 ? [false] : [];
      await bench.press("pretend: clouds");
      await bench.shown("boiler", z.literal(false));
      for (const weather of ["sun", "sun", "clouds", "clouds", "sun"]) await bench.press(`pretend: ${weather}`);
      const off = real[0] === false ? [] : [false];
      const expected = [...real, ...off, true, false, true];
      await bench.take("boiler", z.boolean(), expected.length);
      assert.deepEqual(bench.sofar("boiler", z.boolean()), expected);
    },

    async "Alert on night-time water or gas"() {
      const quiet = (meter: string, unit: string) => ({ meter, lowest: 0, unit });
      await bench.press("a summer night");
      const summer = await bench.take("quiet", Night, 2);
      assert.deepEqual(summer.sort(byMeter), [quiet("p1-gas", "m³"), quiet("pulse-3", "L/min")]);
      assert.deepEqual(bench.sofar("alert", Night), []);

      await bench.press("a winter night");
      const alert = await bench.shown("alert", Night);
      assert.equal(alert.meter, "p1-gas");
      assert.ok(alert.lowest > 0);
      assert.deepEqual((await bench.take("quiet", Night, 3))[2], quiet("pulse-3", "L/min"));

      // Of a night that it knows nothing of, it must not say that all was well.
      const told = () => bench.sofar("quiet", Night).length + bench.sofar("alert", Night).length;
      await bench.press("at 06:00", { day: dayFromToday(1) });
      await bench.shows("cemm-history", "0 samples", 2);
      assert.equal(told(), 4);

      await bench.press("at 06:00");
      // Whoever runs this test at night sees less.
      if (hourOf(Date.now()) >= 5) await eventually(async () => assert.equal(told(), 6));
    },

    async "Yesterday's costs by tariff"() {
      await bench.press("at 00:05");
      const costs = await bench.shown("costs of yesterday", Costs);
      const day = dayFromToday(-1);
      const { low, high } = (await daysOfMonth(day.slice(0, 7))).find(({ date }) => date === day) ?? assert.fail(day);
      assert.deepEqual([costs.day, costs.low.kWh, costs.normal.kWh], [day, low, high]);
      assert.ok(Math.abs(costs.low.euro - low * 0.22) <= 0.0051, JSON.stringify(costs));
      assert.ok(Math.abs(costs.normal.euro - high * 0.26) <= 0.0051, JSON.stringify(costs));
    },

    async "Month chart"() {
      const page = await DashboardPage.open(browser, `${bench.nodeRed.url}/dashboard/month`);
      await bench.statuses("cemm-history", "green");
      const days = await daysOfMonth(dateOf(Date.now()).slice(0, 7));
      // Of today only that it has a bar: it grows.
      for (const { date, low, high } of days.slice(0, -1).slice(0, 10)) {
        const day = Number(date.slice(8));
        await page.chartShows(`the data for ${day} is ${day - 1}, ${low},`);
        await page.chartShows(`the data for ${day} is ${day - 1}, ${high},`);
      }
      await page.chartShows("representing normal tariff");
      await page.close();
    },

    async "Meter readings every morning"() {
      await bench.press("at 08:00");
      const line = await bench.shown("readings", z.string());
      const parts = line.split(", ").map((part) => /^(\w+) (-?[\d,]+\.\d) (kWh|m³)$/.exec(part) ?? assert.fail(line));
      const readings = new Map(
        parts.map(([, channel = "", value = ""]) => [channel, Number(value.replaceAll(",", ""))]),
      );
      const { t1 = 0, t2 = 0, t3 = 0, t4 = 0, gas = 0 } = numbers(await live("p1"));
      const expected = { t1, t2, t3, t4, gas, electric_energy: t1 - t3, electric_energy_high: t2 - t4 };
      assert.deepEqual([...readings.keys()].sort(), Object.keys(expected).sort());
      for (const [channel, value] of Object.entries(expected)) {
        assert.ok(Math.abs((readings.get(channel) ?? 0) - value) < 0.06, `${channel}: ${value} in ${line}`);
      }
    },

    async "A year to CSV"() {
      const days = await daysOf2025();
      const lines = days.map(({ date, low, high }) => `${date},${low},${high}\n`);
      assert.equal(lines.length, 365);
      const csv = `date,low_kWh,normal_kWh\n${lines.join("")}`;
      // The second file must be as the first one was.
      for (const count of [1, 2]) {
        await bench.press("write 2025");
        const shown = await bench.take("written", z.string(), count);
        assert.equal(shown.at(-1), csv);
        assert.equal(readFileSync(join(bench.nodeRed.userDir, "cemm-2025.csv"), "utf8"), csv);
      }
    },

    async "A year into InfluxDB"() {
      const [, command = assert.fail("no command")] = /(influx -execute '.+')/.exec(bench.comment()) ?? [];
      await run("sh", ["-c", command]);
      const days = await daysOf2025();
      const sum = (of: "low" | "high") => days.reduce((total, day) => total + day[of], 0);
      const query =
        "SELECT COUNT(electric_energy_low) AS days, SUM(electric_energy_low) AS low, SUM(electric_energy_high) AS high FROM cemm WHERE alias = 'p1' AND device = 'House'";
      // Written twice they are the same points.
      for (const count of [12, 24]) {
        await bench.press("write 2025");
        await bench.take("written", Points, count);
        await eventually(async () => {
          const [row] = await rowsOf(query);
          assert.equal(row?.days, 365);
          assert.ok(Math.abs(Number(row.low) - sum("low")) < 1e-6, JSON.stringify(row));
          assert.ok(Math.abs(Number(row.high) - sum("high")) < 1e-6, JSON.stringify(row));
        });
      }
      const [first] = await rowsOf("SELECT electric_energy_low AS low, uid FROM cemm ORDER BY time LIMIT 1");
      assert.equal(first?.time, Date.parse("2025-01-01T00:00:00+01:00"));
      assert.equal(first?.uid, simulator.uids[0]);
    },

    async "MQTT with Home Assistant discovery"() {
      const uid = simulator.uids[0] ?? "";
      const known = Object.keys(numbers(await live("p1")));
      // Without what the broker kept; deployed again, so that it sees all from the start.
      const subscriber = await subscribe("#", ["-R"]);
      await bench.deploy("MQTT with Home Assistant discovery");
      const states = await subscriber.take(2 * known.length, `cemm/${uid}/p1/realtime/`, 30_000);
      const configs = await subscriber.take(known.length, "homeassistant/sensor/", 5000);
      assert.deepEqual(states.map(channelOf).sort(), [...known, ...known].sort());
      for (const { payload } of states) assert.ok(Number.isFinite(Number(payload)), payload);
      assert.equal(subscriber.count("homeassistant/"), known.length, "told once, not each time");

      // Who comes later, as Home Assistant after a restart, is told all the same.
      const late = await subscribe("homeassistant/#");
      const retained = await late.take(known.length, "homeassistant/sensor/", 5000);
      for (const { retain } of retained) assert.equal(retain, 1);
      assert.deepEqual(retained.map(withoutRetain).sort(byTopic), configs.map(withoutRetain).sort(byTopic));

      // Who has a new broker, which kept nothing, is told again.
      await broker.stop();
      broker = await startMosquitto();
      const anew = await subscribe("homeassistant/#");
      const again = await anew.take(known.length, "homeassistant/sensor/", 30_000);
      assert.deepEqual(again.map(withoutRetain).sort(byTopic), configs.map(withoutRetain).sort(byTopic));

      const sensors = new Map<string, unknown>();
      for (const { topic, payload } of retained) {
        const { name, unique_id, state_topic, device, ...kind } = SensorConfig.parse(JSON.parse(payload));
        const channel = state_topic.replace(`cemm/${uid}/p1/realtime/`, "");
        assert.deepEqual([name, device.identifiers], [`p1 ${channel}`, [uid]]);
        assert.equal(topic, `homeassistant/sensor/${unique_id}/config`);
        assert.match(unique_id, /^[a-z0-9_]+$/);
        sensors.set(channel, kind);
      }
      const energy = { unit_of_measurement: "kWh", device_class: "energy", state_class: "total_increasing" };
      assert.deepEqual(Object.fromEntries(sensors), {
        electric_power: { unit_of_measurement: "W", device_class: "power", state_class: "measurement" },
        gas: { unit_of_measurement: "m³", device_class: "gas", state_class: "total_increasing" },
        rate: {},
        t1: energy,
        t2: energy,
        t3: energy,
        t4: energy,
      });
    },

    async "A fleet from one node"() {
      await bench.press("ask all");
      const expected = METERS.flatMap((aliases, n) =>
        aliases.map((alias) => `cemm/${simulator.uids[n]}/${alias}/realtime`),
      );
      const payloads = await bench.take("all meters", Values, expected.length);
      for (const values of payloads) {
        assert.ok(
          Object.values(values).some((value) => value !== null),
          JSON.stringify(values),
        );
      }
      assert.deepEqual(bench.topics("all meters").sort(), expected.sort());
    },

    async "Catch errors and tell once"() {
      const ask = "ask for a meter that is not there";
      await bench.press(ask);
      const told = await bench.shown("tell", z.string());
      assert.match(told, /^.*House.*mb99/);
      await bench.press(ask);
      await bench.statuses("cemm-realtime", "red", 2);
      // Another kind of error is told all the same; it comes after what the second press could have told.
      await bench.press(ask, { alias: "No alias!" });
      const [, input = ""] = await bench.take("tell", z.string(), 2);
      assert.match(input, /is not an alias/);

      await simulator.close();
      await bench.press(ask);
      const [, , silent] = await bench.take("tell", z.string(), 3);
      assert.equal(silent, "The CEMM does not answer. Has it power, and network?");
      simulator = await startSimulator({ devices: 2 });
      await bench.press(ask, { alias: "p1" });
      await bench.shown("values", Values);
    },
  };

  it("are all in the import dialog, and all tested here", async () => {
    const files = readdirSync(FOLDER).map((file) => file.replace(/\.json$/, ""));
    assert.deepEqual(await bench.menu(), files.sort());
    assert.deepEqual(Object.keys(tests).sort(), files);
  });

  for (const [name, test] of Object.entries(tests)) {
    it(name, async () => {
      await bench.deploy(name);
      await test();
      assert.deepEqual(bench.complaints(), []);
    });
  }

  it("get along with each other: imported one after the other by the dialog, all valid, deployed together", async () => {
    await bench.clear();
    const editor = await Editor.open(browser, bench.nodeRed.adminUrl);
    for (const name of Object.keys(tests)) await importExample(editor, name);
    const invalid = await editor.page.evaluate(
      `[...RED.nodes.filterNodes({}), ...(() => { const all = []; RED.nodes.eachConfig((node) => { all.push(node); }); return all; })()]
        .filter(({ type, valid }) => type === "unknown" || valid === false).map(({ id, type }) => id + " " + type)`,
    );
    assert.deepEqual(invalid, []);
    await editor.deploy();
    await editor.close();
    for (const path of ["live", "month"]) {
      const page = await DashboardPage.open(browser, `${bench.nodeRed.url}/dashboard/${path}`);
      await page.chartShows("This is a chart");
      await page.close();
    }
    assert.deepEqual(bench.complaints(), []);
  });
});

async function importExample(editor: Editor, name: string): Promise<void> {
  await editor.page.evaluate(`RED.actions.invoke("core:show-examples-import-dialog")`);
  const tree = editor.page.locator("#red-ui-clipboard-dialog-import-tabs-content .red-ui-treeList:visible");
  await editor.click(tree.getByText("node-red-contrib-cemm", { exact: true }));
  // The outer folder, of all examples, has the same name.
  await editor.click(tree.getByText("flows", { exact: true }).nth(1));
  const ok = editor.page.locator("#red-ui-clipboard-dialog-ok");
  // While the folder still unfolds, a click may fall beside the name.
  await eventually(async () => {
    await editor.click(tree.getByText(name, { exact: true }));
    assert.ok(await ok.isEnabled(), `${name} cannot be chosen`);
  });
  await editor.click(ok);
  await tree.waitFor({ state: "hidden" });
}

/** What has been reported. */
function numbers(values: Record<string, number | null>): Record<string, number> {
  return Object.fromEntries(Object.entries(values).flatMap(([name, value]) => (value === null ? [] : [[name, value]])));
}

const aliasOf = ({ alias }: { alias: string }) => alias;
const channelOf = ({ topic }: { topic: string }) => topic.split("/").at(-1);
const withoutRetain = ({ topic, payload }: { topic: string; payload: string }) => ({ topic, payload });
const byMeter = (a: { meter: string }, b: { meter: string }) => a.meter.localeCompare(b.meter);
const byTopic = (a: { topic: string }, b: { topic: string }) => a.topic.localeCompare(b.topic);

/** A calendar day where the CEMM stands. */
function dayFromToday(days: number): string {
  const noon = Date.parse(`${dateOf(Date.now())}T12:00:00Z`);
  return new Date(noon + days * 86_400_000).toISOString().slice(0, 10);
}

/** Tries until it holds. */
async function eventually(holds: () => Promise<void>, ms = 10_000): Promise<void> {
  const deadline = Date.now() + ms;
  for (;;) {
    try {
      return await holds();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await pause(200);
    }
  }
}
