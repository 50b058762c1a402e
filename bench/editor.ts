/**
 * What the dialogs cost the browser: bytes to load, and the time that a dialog takes to open. Before the dialogs were
 * one bundle they were 15710 bytes; a dialog's time is shown beside that of a core node's, on the same machine.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Page } from "playwright-core";
import { Editor, startBrowser } from "../test/editor/editor.js";
import { startNodeRed } from "../test/support/node-red.js";

const root = join(__dirname, "..");
const BYTES_BEFORE = 15_710;
const ROUNDS = 15;
/** The dialogs open as fast as a core node of about as many fields, give or take a typed input. */
const MOST_RATIO = 2;

function bytes(): number {
  const html = readdirSync(join(root, "dist/nodes")).filter((name) => name.endsWith(".html"));
  const all = html.map((name) => readFileSync(join(root, "dist/nodes", name))).join("");
  const resources = readdirSync(join(root, "resources")).map((name) => readFileSync(join(root, "resources", name)));
  return [Buffer.from(all), ...resources].reduce((sum, file) => sum + gzipSync(file, { level: 9 }).length, 0);
}

/** The median time from asking for the dialog to its fields, in ms. */
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
  return times.sort((a, b) => a - b)[ROUNDS >> 1] ?? 0;
}

function verdict(holds: boolean, text: string): boolean {
  console.log(`${holds ? "pass" : "FAIL"} ${text}`);
  return holds;
}

async function main(): Promise<void> {
  const nodeRed = await startNodeRed();
  const browser = await startBrowser();
  try {
    await nodeRed.deploy([
      { id: "tab", type: "tab", label: "bench" },
      { id: "live", z: "tab", type: "cemm-realtime", x: 100, y: 100, wires: [[]] },
      { id: "core", z: "tab", type: "http request", x: 100, y: 200, wires: [[]] },
    ]);
    const editor = await Editor.open(browser, nodeRed.adminUrl);
    const [core, live] = [await opening(editor.page, "core"), await opening(editor.page, "live")];
    const size = bytes();
    const results = [
      verdict(size <= BYTES_BEFORE, `editor bytes, gzip: ${size} of at most ${BYTES_BEFORE}`),
      verdict(
        live <= core * MOST_RATIO,
        `time to open a dialog: ${Math.round(live)} ms, core's http request ${Math.round(core)} ms, at most ${MOST_RATIO} times`,
      ),
    ];
    await editor.close();
    process.exitCode = results.every(Boolean) ? 0 : 1;
  } finally {
    await browser.close();
    await nodeRed.stop();
  }
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
