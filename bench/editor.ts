/**
 * What the dialogs cost the browser: bytes to load, and the time that a dialog takes to open. Before the dialogs were
 * one bundle the first six were 15710 bytes; the trigger's came later and is counted by what it adds to them. A dialog's
 * time is shown beside that of a core node's, on the same machine.
 */
import type { Page } from "playwright-core";
import { Editor, startBrowser } from "../test/editor/editor.js";
import { startNodeRed } from "../test/support/node-red.js";
import { editorBytes } from "./support/editor-bytes.js";

const BYTES_BEFORE = 15_710;
/** As much as two of the six: it draws a day and puts a rule into words. */
const BYTES_OF_TRIGGER = Math.round(BYTES_BEFORE / 3);
const ROUNDS = 15;
/** The dialogs open as fast as a core node of about as many fields, give or take a typed input. */
const MOST_RATIO = 2;

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
      { id: "rule", z: "tab", type: "cemm-trigger", x: 300, y: 100, wires: [[]] },
      { id: "core", z: "tab", type: "http request", x: 100, y: 200, wires: [[]] },
    ]);
    const editor = await Editor.open(browser, nodeRed.adminUrl);
    const core = await opening(editor.page, "core");
    const opens = async (id: string) => {
      const ms = await opening(editor.page, id);
      const text = `${Math.round(ms)} ms, core's http request ${Math.round(core)} ms, at most ${MOST_RATIO} times`;
      return verdict(ms <= core * MOST_RATIO, `time to open the dialog "${id}": ${text}`);
    };
    const { six, trigger } = await editorBytes();
    const results = [
      verdict(six <= BYTES_BEFORE, `six dialogs' bytes, gzip: ${six} of at most ${BYTES_BEFORE}`),
      verdict(
        trigger <= BYTES_OF_TRIGGER,
        `the trigger's bytes on top, gzip: ${trigger} of at most ${BYTES_OF_TRIGGER}`,
      ),
      await opens("live"),
      await opens("rule"),
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
