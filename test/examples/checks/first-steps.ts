/** Checks of the examples to start with. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { text } from "node:stream/consumers";
import { z } from "zod";
import { meaningOf } from "../../../src/lib/data/channel-table.js";
import { onlyPressed } from "../added.js";
import { eventually } from "../eventually.js";
import { dateOf, daysOfMonth, live } from "../expected.js";
import { freshDatabase, rowsOf } from "../influxdb.js";
import type { Lab } from "../lab.js";
import { DashboardPage } from "../page.js";
import type { Flow, Workbench } from "../workbench.js";
import { METERS, numbers, Values } from "./values.js";

const Found = z.looseObject({
  uid: z.string(),
  host: z.string(),
  name: z.string(),
  meters: z.array(z.looseObject({ alias: z.string() })),
});

const Figures = z.looseObject({ date: z.string(), bought: z.number().nullable() });

const READINGS = "06 Meter readings every morning";

export const firstSteps = {
  async "01 First reading"({ bench }: Lab) {
    const before = await live("p1");
    await bench.press("ask");
    const values = await bench.shown("values", Values);
    const after = await live("p1");
    assert.deepEqual(Object.keys(values).sort(), Object.keys(after).sort());
    for (const [channel, value] of Object.entries(values)) {
      // Readings increase between the three requests; power and tariff change at most once a minute.
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

  async "04 Energy on a page"({ bench, browser }: Lab) {
    await bench.statuses("cemm-page", "green");
    const page = await (await browser.newContext()).newPage();
    await page.goto(`${bench.nodeRed.url}/energy`);
    await page.getByText("My CEMM").first().waitFor();
    await page.context().close();
    await eventually(async () => {
      bench.nodeRed.debug.clear();
      await bench.press("today so far");
      const { date, bought } = await bench.shown("figures", Figures);
      // Yesterday's figures are sent automatically once they are known.
      assert.equal(date, dateOf(Date.now()));
      assert.notEqual(bought, null);
    });
  },

  async "05 Month chart"({ bench, browser }: Lab) {
    const page = await DashboardPage.open(browser, `${bench.nodeRed.url}/dashboard/month`);
    await bench.statuses("cemm-history", "green");
    // Not today: its values still grow.
    const days = (await daysOfMonth(dateOf(Date.now()).slice(0, 7))).slice(0, -1);
    const bars = (await page.chartSeries()).map(({ name, type, data }) => {
      const past = data.slice(0, days.length);
      return { name, type, data: past.map(([time, value]) => ({ date: dateOf(time), value })) };
    });
    assert.deepEqual(bars, [
      { name: "Net import, low tariff", type: "bar", data: days.map(({ date, low }) => ({ date, value: low })) },
      { name: "Net import, normal tariff", type: "bar", data: days.map(({ date, high }) => ({ date, value: high })) },
    ]);
    await page.close();
  },

  async [READINGS]({ bench }: Lab) {
    // At 08:00 on its own it would send them twice.
    await bench.deploy(READINGS, onlyPressed);
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
      const shown = Number(readings[n]?.[2]?.replaceAll(",", ""));
      assert.ok(Math.abs(shown - (now[channel] ?? Number.NaN)) < 0.06, `${channel}: ${now[channel]} as ${lines[n]}`);
    }
    const [mail] = await bench.take("mail", z.string(), 1);
    assert.deepEqual([mail, bench.topics("mail")], [lines.join("\n"), ["Meter readings"]]);
    await checkTelegram(bench);
  },

  async "19 A fleet from one node"({ bench, uids }: Lab) {
    await freshDatabase(bench.description());
    await bench.press("every hour");
    // A pulse meter writes nothing until it has counted, which depends on the time of day.
    const expected = METERS.flatMap((aliases, n) =>
      aliases.filter((alias) => alias !== "pulse-3").map((alias) => `cemm,alias=${alias},kind=realtime,uid=${uids[n]}`),
    );
    await eventually(async () => {
      // Other examples may write at the same time.
      const series = await rowsOf("SHOW SERIES FROM cemm WHERE kind = 'realtime'");
      const keys = series.map(({ key }) => String(key)).filter((key) => !key.includes("alias=pulse-3"));
      assert.deepEqual(keys.sort(), expected.sort());
    }, 30_000);
  },
};

/** Fails unless the request to Telegram has the documented address, token and body. */
async function checkTelegram(bench: Workbench): Promise<void> {
  const asked: { url?: string | undefined; body: string }[] = [];
  const telegram = createServer(async (request, response) => {
    asked.push({ url: request.url, body: await text(request) });
    response.writeHead(200, { "content-type": "application/json" }).end('{"ok":true,"result":{}}');
  });
  telegram.listen(0, "127.0.0.1");
  await once(telegram, "listening");
  try {
    const { port } = z.object({ port: z.number() }).parse(telegram.address());
    await bench.deploy(READINGS, (flow) => withTelegram(onlyPressed(flow), `http://127.0.0.1:${port}`));
    await bench.press("at 08:00");
    const readings = await bench.shown("readings", z.string());
    await eventually(async () => assert.equal(asked.length, 1));
    assert.equal(asked[0]?.url, "/bot12:abc/sendMessage");
    assert.deepEqual(JSON.parse(asked[0]?.body ?? ""), { chat_id: "34", text: readings });
  } finally {
    telegram.close();
    telegram.closeAllConnections();
  }
}

/** Fills in the tab's properties as a user would, with the token in plain text. */
function withTelegram(flow: Flow, address: string): Flow {
  const env = [
    { name: "TELEGRAM_TOKEN", value: "12:abc", type: "str" },
    { name: "TELEGRAM_CHAT", value: "34", type: "str" },
  ];
  const text = JSON.stringify(flow.map((node) => (node.type === "tab" ? { ...node, env } : node)));
  return JSON.parse(text.replaceAll("https://api.telegram.org", address));
}

const aliasOf = ({ alias }: { alias: string }) => alias;
