/**
 * What the energy page costs the browser: bytes to load, and the time until the first figure and until the
 * whole day is shown, with a simulated CEMM, a real Node-RED and an empty browser cache.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Browser } from "playwright-core";
import { PeriodView } from "../src/lib/energy/view.js";
import { startSimulator } from "../src/simulator/simulator.js";
import { startBrowser } from "../test/editor/editor.js";
import { startNodeRed } from "../test/support/node-red.js";
import { median } from "./support/measure.js";
import { bench, check, table } from "./support/report.js";

const ROUNDS = 7;
const BUILT = join(__dirname, "../dist/page");

function bytes(): Record<string, number> {
  const files = readdirSync(BUILT).filter((name) => !name.endsWith(".txt"));
  return Object.fromEntries(files.map((name) => [name, gzipSync(readFileSync(join(BUILT, name))).length]));
}

/** Time in ms from opening the page to the first figure, and to all charts and readings. */
async function opening(browser: Browser, url: string): Promise<{ first: number; whole: number }> {
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 } });
  const page = await context.newPage();
  const began = performance.now();
  await page.goto(url, { waitUntil: "commit" });
  await page.locator(".big, .value").first().waitFor();
  const first = performance.now() - began;
  await page.waitForFunction(() => {
    const charts = [...document.querySelectorAll(".chart")];
    return (
      document.querySelector(".readings") && charts.length > 3 && charts.every((chart) => chart.querySelector("canvas"))
    );
  });
  const whole = performance.now() - began;
  await context.close();
  return { first, whole };
}

/** Waits until the node has read the day. */
async function dayRead(url: string): Promise<void> {
  const today = new Date().toISOString().slice(0, 10);
  for (;;) {
    const response = await fetch(`${url}api/day/${today}`);
    if (response.ok && PeriodView.parse(await response.json()).figures.water !== null) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

bench(async () => {
  const simulator = await startSimulator({ lanPort: 0, cloudPort: 0, udpPort: 0, timezone: "UTC" });
  const [nodeRed, browser] = await Promise.all([startNodeRed(), startBrowser()]);
  await nodeRed.deploy([
    { id: "tab", type: "tab", label: "bench" },
    { id: "house", type: "cemm-device", name: "House", host: simulator.addresses.lan[0], uid: "", timezone: "UTC" },
    { id: "page", z: "tab", type: "cemm-page", device: "house", path: "/energy", x: 200, y: 100, wires: [[]] },
  ]);
  const url = `${nodeRed.url}/energy/`;
  await dayRead(url);
  const times: { first: number; whole: number }[] = [];
  for (let n = 0; n < ROUNDS; n++) times.push(await opening(browser, url));
  const sizes = bytes();
  table({ "bytes, gzip": sizes });
  await browser.close();
  await nodeRed.stop();
  await simulator.close();
  const all = Object.values(sizes).reduce((sum, size) => sum + size, 0);
  return [
    check("the energy page: bytes of all files, gzip", all, "<=", 300_000),
    check("the energy page: first figure, ms", median(times.map(({ first }) => first)), "<=", 1000),
    check("the energy page: the whole day, ms", median(times.map(({ whole }) => whole)), "<=", 2000),
  ];
});
