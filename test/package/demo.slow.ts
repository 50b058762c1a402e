/** `npm start` as a new user runs it, but on its own ports. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import type { Browser } from "playwright-core";
import { z } from "zod";
import { startBrowser } from "../editor/editor.js";
import { Capture } from "../support/node-red-capture.js";
import { Comms } from "../support/node-red-comms.js";
import { freePort } from "../support/node-red-process.js";

const root = resolve(__dirname, "../..");
const TIMEOUT_MS = 30_000;
const Live = z.object({ electric_power: z.unknown() });

class Demo {
  readonly output = new Capture<string>("piece of output");
  readonly exit: Promise<unknown[]>;
  readonly #child: ChildProcess;

  constructor(ports: string[]) {
    this.#child = spawn(process.execPath, ["demo/start.mjs", ...ports], {
      cwd: root,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.exit = once(this.#child, "exit");
    for (const stream of [this.#child.stdout, this.#child.stderr]) {
      stream?.setEncoding("utf8").on("data", (text: string) => this.output.add(text));
    }
  }

  text(): string {
    return this.output.all.join("");
  }

  async seen(pattern: RegExp): Promise<string> {
    await this.output.next(() => pattern.test(this.text()), TIMEOUT_MS);
    return pattern.exec(this.text())?.[1] ?? "";
  }

  /** What Ctrl-C sends. */
  async interrupt(): Promise<void> {
    this.#child.kill("SIGINT");
    await this.exit;
  }
}

describe("npm start", () => {
  let demo: Demo;
  let ports: string[];
  let editor: string;
  let began: number;
  let browser: Browser;

  before(async () => {
    browser = await startBrowser();
    // It takes two consecutive LAN ports, in a range from which the system does not assign any.
    const [base, udp] = [await freePort(), await freePort()];
    const lan = 20_000 + (base % 10_000);
    ports = ["--port", `${base}`, "--lan-port", `${lan}`, "--cloud-port", `${lan + 2}`, "--udp-port", `${udp}`];
    began = Date.now();
    demo = new Demo(ports);
    editor = await demo.seen(/Editor\s+(http\S+)/);
  });
  after(async () => {
    await browser?.close();
    await demo?.interrupt();
  });

  it("shows live values in the debug sidebar within 30 s", async () => {
    const comms = await Comms.open(editor);
    const { value } = await comms.debug.next(({ id }) => id === "demo-live-debug", TIMEOUT_MS);
    await comms.close();
    assert.ok(Date.now() - began < TIMEOUT_MS, `${Date.now() - began} ms`);
    assert.equal(typeof Live.parse(value).electric_power, "number");
  });

  it("reports that it is building before it is silent for a while", async () => {
    assert.match(demo.text(), /^Building the package…\n/);
  });

  it("opens the house's page, with the current power", async () => {
    const page = await (await browser.newContext()).newPage();
    await page.goto(await demo.seen(/Page\s+(http\S+)/));
    await page.getByText("House").first().waitFor({ timeout: TIMEOUT_MS });
    await page.locator(".power .big").first().getByText(/\d/).waitFor({ timeout: TIMEOUT_MS });
    await page.context().close();
  });

  it("has no node with a red status", async () => {
    const comms = await Comms.open(editor);
    await comms.statuses.next(({ id }) => id === "demo-page", TIMEOUT_MS);
    await comms.statuses.next(({ id }) => id === "demo-far", TIMEOUT_MS);
    await comms.close();
    assert.deepEqual(
      comms.statuses.all.filter(({ fill }) => fill === "red"),
      [],
    );
  });

  it("names the ports that are taken when it is started twice, and does not disturb the first", async () => {
    const second = new Demo(ports);
    const [code] = await second.exit;
    assert.notEqual(code, 0);
    assert.match(second.text(), new RegExp(`\\b${ports[1]}\\b`));
    assert.equal((await fetch(`${editor}settings`)).status, 200);
  });

  it("ends with Ctrl-C, and leaves nothing behind", async () => {
    const userDir = await demo.seen(/User directory\s+(\S+)/);
    assert.ok(existsSync(userDir));
    await demo.interrupt();
    assert.ok(!existsSync(userDir));
    await assert.rejects(fetch(editor));
  });
});
