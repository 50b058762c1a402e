/** What the dialogs cost the browser: bytes, and the time to open one, compared to a core node's. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { Editor, startBrowser } from "../test/editor/editor.js";
import { startNodeRed } from "../test/support/node-red.js";
import { median } from "./support/measure.js";
import { bench, check, table } from "./support/report.js";

const ROOT = join(__dirname, "..");
const ROUNDS = 15;

/** The bytes of all dialogs as they are sent: html of all nodes, scripts and styles. */
function bytes(): number {
  const nodes = readdirSync(join(ROOT, "dist/nodes"), { recursive: true, encoding: "utf8" });
  const html = nodes.filter((name) => /^(\w+)\/\1\.html$/.test(name)).map((name) => join("dist/nodes", name));
  const scripts = readdirSync(join(ROOT, "resources")).filter((name) => /\.(js|css)$/.test(name));
  // Node-RED sends the html of all nodes in one response.
  const parts = [html, ...scripts.map((name) => [join("resources", name)])];
  const texts = parts.map((files) => files.map((file) => readFileSync(join(ROOT, file), "utf8")).join(""));
  return texts.reduce((sum, text) => sum + gzipSync(text, { level: 9 }).length, 0);
}

/** The median time from opening a dialog until its fields are there, ms. */
async function opening(page: Page, id: string): Promise<number> {
  const times: number[] = [];
  for (let n = 0; n < ROUNDS; n++) {
    const ms = await page.evaluate<number>(`(async () => {
      const began = performance.now();
      RED.editor.edit(RED.nodes.node(${JSON.stringify(id)}));
      while (!document.querySelector("#dialog-form .form-row:last-child input")) await new Promise(requestAnimationFrame);
      return performance.now() - began;
    })()`);
    times.push(ms);
    await page.waitForTimeout(400);
    await page.locator("#node-dialog-cancel").click();
    await page.locator("#dialog-form").waitFor({ state: "detached" });
    await page.waitForTimeout(100);
  }
  return median(times);
}

bench(async () => {
  const nodeRed = await startNodeRed();
  const browser = await startBrowser();
  await nodeRed.deploy([
    { id: "tab", type: "tab", label: "bench" },
    { id: "live-node", z: "tab", type: "cemm-realtime", x: 100, y: 100, wires: [[]] },
    { id: "trigger-node", z: "tab", type: "cemm-trigger", x: 300, y: 100, wires: [[]] },
    { id: "request-node", z: "tab", type: "http request", x: 100, y: 200, wires: [[]] },
  ]);
  const { page } = await Editor.open(browser, nodeRed.adminUrl);
  const core = await opening(page, "request-node");
  const [live, trigger] = [await opening(page, "live-node"), await opening(page, "trigger-node")];
  table({ "ms to open": { "http request": core, "CEMM live": live, "CEMM trigger": trigger } });
  await browser.close();
  await nodeRed.stop();
  return [
    check("all dialogs: bytes, gzip", bytes(), "<=", 30_000),
    check("CEMM live's dialog: time to open, to that of http request", live / core, "<=", 2),
    check("CEMM trigger's dialog: time to open, to that of http request", trigger / core, "<=", 2),
  ];
});
