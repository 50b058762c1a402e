// Makes the pictures in docs/ again: the demo's page and flow, and every dialog in both languages and themes.
// Needs Debian's chromium, and Node-RED 5 for the dark theme: `npm run test:node-red-5` once installs it.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";

const root = fileURLToPath(new URL("..", import.meta.url));
const docs = join(root, "docs");
const nodeRed5 = join(root, "node_modules/.cache/node-red-5/node_modules");
const PORTS = ["--port", "18800", "--lan-port", "18080", "--cloud-port", "18090", "--udp-port", "19777"];
const BASE = "http://127.0.0.1:18800";

/** The time in all pictures, on a sunny day: those of a winter night would show little. */
const SUNNY = Date.parse("2026-04-27T18:10:00+02:00");
const clock = `(${setClock})(${SUNNY - Date.now()})`;

/** The node of the demo's flow whose dialog is shown, by type. */
const DIALOGS = {
  "cemm-account": "demo-account",
  "cemm-device": "cemm-example-cemm",
  "cemm-discover": "demo-discover",
  "cemm-realtime": "demo-live",
  "cemm-history": "demo-day",
  "cemm-totals": "demo-totals",
  "cemm-trigger": "demo-trigger",
  "cemm-page": "demo-page",
};
const LOOKS = ["en-US", "nl"].flatMap((language) => ["light", "dark"].map((theme) => ({ language, theme })));

/** Runs before anything else, in each process and page. */
function setClock(by) {
  const handler = {
    construct: (Real, args, target) => Reflect.construct(Real, args.length > 0 ? args : [Real.now() + by], target),
    get: (Real, name) => (name === "now" ? () => Real.now() + by : Reflect.get(Real, name)),
  };
  globalThis.Date = new Proxy(Date, handler);
}

async function startDemo() {
  if (!existsSync(nodeRed5)) throw new Error("Node-RED 5 is not installed yet: npm run test:node-red-5");
  const demo = spawn(join(nodeRed5, ".bin/node"), [join(root, "demo/start.mjs"), ...PORTS], {
    env: {
      ...process.env,
      CEMM_NODE_RED: join(nodeRed5, "node-red"),
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(clock)}`,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });
  for await (const text of demo.stdout) if (String(text).includes("Ctrl-C")) return demo;
  throw new Error("The demo did not start.");
}

async function open(browser, { language = "en-US", theme = "light", width = 1280, height = 900, scale = 1 }, path) {
  const context = await browser.newContext({
    locale: language,
    colorScheme: theme,
    viewport: { width, height },
    deviceScaleFactor: scale,
  });
  await context.addInitScript(clock);
  await context.addInitScript((theme) => localStorage.setItem("view-dark-theme", theme), theme);
  const page = await context.newPage();
  page.on("pageerror", (error) => {
    throw error;
  });
  await page.goto(BASE + path, { waitUntil: "domcontentloaded" });
  return page;
}

async function openEditor(browser, look, path = "/") {
  const page = await open(browser, look, path);
  await page.locator(".red-ui-palette-node").first().waitFor();
  await page.locator(".red-ui-flow-node").first().waitFor();
  await page.waitForTimeout(500);
  return page;
}

async function shootFlow(browser) {
  const page = await openEditor(browser, { width: 1500, height: 1000 }, "/#flow/demo-flow");
  await page.evaluate(() => Reflect.get(globalThis, "RED").sidebar.show("debug"));
  await page.waitForTimeout(6000);
  await page.screenshot({ path: join(docs, "demo-flow.png") });
  await page.context().close();
}

/** `view`: the day, month or year. */
async function shootPage(browser, name, look, view) {
  const page = await open(browser, look, `/energy/#${view}`);
  await page.locator(".period[aria-busy=false] .chart canvas").first().waitFor();
  // Past days are still being added up.
  await page.waitForTimeout(20_000);
  await page.screenshot({ path: join(docs, `${name}.png`) });
  await page.context().close();
}

/** Enlarges the window until the dialog does not scroll. */
async function showWhole(page, tray) {
  const hidden = await tray.evaluate((element) => {
    const scrolled = [...element.querySelectorAll("*")].filter((each) => getComputedStyle(each).overflowY === "auto");
    return Math.max(0, ...scrolled.map((each) => each.scrollHeight - each.clientHeight));
  });
  const { width, height } = page.viewportSize();
  await page.setViewportSize({ width, height: height + hidden });
  await page.waitForTimeout(300);
}

async function shootDialogs(browser, look) {
  const size = { width: 1280, height: 760 };
  const page = await openEditor(browser, { ...look, ...size });
  for (const [type, id] of Object.entries(DIALOGS)) {
    await page.evaluate((id) => {
      const RED = Reflect.get(globalThis, "RED");
      const node = RED.nodes.node(id);
      if (node._def.category === "config") RED.editor.editConfig("", node.type, id);
      else RED.editor.edit(node);
    }, id);
    const tray = page.locator(".red-ui-tray").last();
    await tray.waitFor();
    // The trigger draws yesterday's values of the chosen CEMM.
    const day = tray.locator("#cemm-day-device");
    if (await day.isVisible()) await day.selectOption({ label: "House" });
    await page.waitForTimeout(1500);
    await showWhole(page, tray);
    await tray.screenshot({ path: join(docs, `${type}-${look.language}-${look.theme}.png`) });
    await page.evaluate(() => globalThis.RED.tray.close());
    await tray.waitFor({ state: "detached" });
    await page.setViewportSize(size);
  }
  await page.context().close();
}

const demo = await startDemo();
const browser = await chromium.launch({
  executablePath: "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
});
try {
  mkdirSync(docs, { recursive: true });
  const large = { width: 1360, height: 1310 };
  await shootPage(browser, "page-en-US-light", large, "2026-04-27");
  await shootPage(browser, "page-en-US-dark", { ...large, theme: "dark" }, "2026-04");
  await shootPage(browser, "page-nl-light", { ...large, language: "nl-NL" }, "2026-04-27");
  await shootPage(browser, "page-nl-phone", { width: 390, height: 1012, scale: 2, language: "nl-NL" }, "2026-04-27");
  await shootFlow(browser);
  for (const look of LOOKS) await shootDialogs(browser, look);
} finally {
  await browser.close();
  demo.kill("SIGTERM");
  await once(demo, "exit");
}
