/** The examples of the first hour. */
import assert from "node:assert/strict";
import { z } from "zod";
import { meaningOf } from "../../../src/lib/data/channel-table.js";
import type { Lab } from "../lab.js";
import { DashboardPage } from "../page.js";
import { dateOf, daysOfMonth, live } from "../truth.js";
import { METERS, numbers, Values } from "./values.js";

const Found = z.looseObject({
  uid: z.string(),
  host: z.string(),
  name: z.string(),
  meters: z.array(z.looseObject({ alias: z.string() })),
});

export const firstSteps = {
  async "01 First reading"({ bench }: Lab) {
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

  async "02 Find CEMMs on the network"({ bench, uids, hosts }: Lab) {
    await bench.press("search");
    const found = await bench.shown("CEMMs", z.array(Found));
    const summary = found.map(({ uid, host, name, meters }) => [uid, host, name, meters.map(aliasOf).sort()]);
    const expected = uids.map((uid, n) => [uid, hosts[n], ["CEMM Plus", "CEMM Basic"][n], METERS[n]]);
    assert.deepEqual(summary, expected.sort());
  },

  async "03 Live power on a page"({ bench, browser }: Lab) {
    const page = await DashboardPage.open(browser, `${bench.nodeRed.url}/dashboard/live`);
    // The second value comes while the page is open.
    const [, status = ""] = await bench.statuses("cemm-realtime", "green", 2);
    const power = status.replace(" W", "");
    await page.gaugeShows(power);
    await page.chartShows(power);
    await page.close();
  },

  async "05 Month chart"({ bench, browser }: Lab) {
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

  async "06 Meter readings every morning"({ bench }: Lab) {
    await bench.press("at 08:00");
    const lines = (await bench.shown("readings", z.string())).split("\n");
    const readings = lines.map((line) => /^(.+): ([\d,]+\.\d) (kWh|m³)$/.exec(line) ?? assert.fail(line));
    const now = numbers(await live("p1"));
    const counters = ["t1", "t2", "t3", "t4", "gas"];
    assert.deepEqual(
      readings.map(([, name]) => name),
      counters.map((channel) => meaningOf(channel, "totals").name),
    );
    for (const [n, channel] of counters.entries()) {
      const told = Number(readings[n]?.[2]?.replaceAll(",", ""));
      assert.ok(Math.abs(told - (now[channel] ?? Number.NaN)) < 0.06, `${channel}: ${now[channel]} as ${lines[n]}`);
    }
  },

  async "19 A fleet from one node"({ bench, uids }: Lab) {
    await bench.press("ask all");
    const expected = METERS.flatMap((aliases, n) => aliases.map((alias) => `cemm/${uids[n]}/${alias}/realtime`));
    const payloads = await bench.take("all meters", Values, expected.length);
    for (const values of payloads) assert.ok(Object.keys(numbers(values)).length > 0, JSON.stringify(values));
    assert.deepEqual(bench.topics("all meters").sort(), expected.sort());
  },
};

const aliasOf = ({ alias }: { alias: string }) => alias;
