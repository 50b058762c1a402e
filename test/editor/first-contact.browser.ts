/** What a person meets in the first hour. */
import assert from "node:assert/strict";
import type { Browser, Locator } from "playwright-core";
import { type Simulator, startSimulator } from "../../src/simulator/simulator.js";
import { type NodeRed, startNodeRed } from "../support/node-red.js";
import { nodeRedVersion } from "../support/node-red-path.js";
import { Editor, startBrowser } from "./editor.js";
import { flowsOf, KEY } from "./flows.js";

describe(`first contact in Node-RED ${nodeRedVersion}`, function () {
  this.timeout(60_000);
  let simulator: Simulator;
  let nodeRed: NodeRed;
  let browser: Browser;
  let editor: Editor;

  before(async () => {
    simulator = await startSimulator({ lanPort: 0, cloudPort: 0, udpPort: 0, devices: 2, apiKey: KEY, promise: 0 });
    nodeRed = await startNodeRed();
    browser = await startBrowser();
    const core = { id: "core", type: "http request", z: "tab", x: 200, y: 400, wires: [[]] };
    await nodeRed.deploy([...flowsOf(simulator), core], { account: { apiKey: KEY } });
    editor = await Editor.open(browser, nodeRed.adminUrl);
    await editor.searchAt(simulator.addresses.udp);
  });
  after(async () => {
    await editor?.close();
    await browser?.close();
    await nodeRed?.stop();
    await simulator?.close();
  });
  afterEach(() => editor.tidy());

  const field = (name: string): Locator =>
    editor.page.locator(`#node-input-${name}, #node-config-input-${name}`).last();
  const test = (): Locator => editor.page.locator("#cemm-test");
  const result = (): Locator => editor.page.locator("#cemm-result");
  const found = (): Locator => editor.page.locator("#cemm-found");
  const example = async (): Promise<string> => (await editor.page.locator("#cemm-example").textContent()) ?? "";

  describe("the device's dialog", () => {
    it("shows a live value by Test, in sight", async () => {
      await editor.edit("house");
      await test().click();
      const value = result().getByText(/^p1: -?[\d.]+ W now$/);
      await value.waitFor();
      const isInSight = await value.evaluate((line) => {
        const frame = line.closest(".red-ui-tray-content")?.getBoundingClientRect();
        return frame !== undefined && line.getBoundingClientRect().bottom <= frame.bottom;
      });
      assert(isInSight);
    });

    it("takes a result away when a field changes", async () => {
      await editor.edit("house");
      await test().click();
      await result().locator(".cemm-good").waitFor();
      await editor.type(field("timeout"), "20");
      assert.equal(await result().textContent(), "");
    });

    it("loses no click to a line that appears above", async () => {
      await editor.edit("house");
      await field("host").fill("a b");
      const box = await test().boundingBox();
      assert(box);
      // By hand: the line appears once the field is left, which is when the button goes down.
      await editor.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      await editor.page.mouse.down();
      await editor.page.waitForTimeout(100);
      await editor.page.mouse.up();
      await editor.page.getByRole("alert").getByText("Enter a name or an IP address").waitFor();
      await result().locator(".cemm-head").waitFor();
    });

    it("tells that the CEMM is not where it was said to be, and takes where it is", async () => {
      const tested = { route: "lan", ms: 5, uid: simulator.uids[0], host: "192.168.1.7", meters: [] };
      const answer = { routes: [{ ...tested, name: "House", firmware: null, core: null }] };
      await editor.page.route("**/cemm/device/test", (route) => route.fulfill({ json: answer }), { times: 1 });
      await editor.edit("house");
      await field("host").fill("192.168.1.4");
      await test().click();
      await result().getByText("Nothing usable at 192.168.1.4, but the CEMM was found at 192.168.1.7.").waitFor();
      assert.equal(await result().locator(".cemm-good").count(), 0);
      await result().getByRole("button", { name: "Use 192.168.1.7" }).click();
      assert.equal(await field("host").inputValue(), "192.168.1.7");
    });

    it("names a model as people do, and writes MAC addresses in one way", async () => {
      await editor.edit("house");
      await editor.click(editor.page.locator("#cemm-search"));
      await found().getByRole("button", { name: "CEMM Basic" }).first().waitFor();
      const text = (await found().textContent()) ?? "";
      assert(text.includes(simulator.uids[0] ?? "-"));
      assert.doesNotMatch(text, /_|([0-9A-F]{2}:){5}/);
    });

    it("tells an account's CEMMs apart by their meters", async () => {
      await editor.edit("cabin");
      await editor.click(editor.page.locator("#cemm-lookup"));
      await found()
        .getByRole("button", { name: /smart meter, port 3/ })
        .first()
        .waitFor();
    });
  });

  describe("a live node", () => {
    it("says how often it may ask, by the CEMM's connection", async () => {
      await editor.edit("live");
      const limit = editor.page.locator("#cemm-limit");
      assert.equal(await limit.textContent(), "At most once a second on the local network.");
      await editor.choose(field("device"), "cabin");
      await editor.type(field("repeat"), "5");
      await editor.page.keyboard.press("Tab");
      assert.equal(await limit.textContent(), "Through the cloud every 10 seconds at most.");
      assert.match((await limit.getAttribute("class")) ?? "", /cemm-warning/);
    });

    it("needs a channel where one value is sent", async () => {
      await editor.edit("live");
      assert.equal(await field("channel").isVisible(), false);
      await editor.choose(field("format"), "value");
      await field("channel").fill("");
      await editor.page.keyboard.press("Tab");
      await editor.page.getByRole("alert").getByText("Enter the channel to send").waitFor();
    });

    it("has a second output for whether the CEMM answers", async () => {
      const ports = () => editor.node("gone").locator(".red-ui-flow-port-output").count();
      assert.equal(await ports(), 1);
      await editor.edit("gone");
      await editor.choose(field("device"), "house");
      await field("availability").check();
      await editor.done();
      assert.equal(await ports(), 2);
      assert.equal(await editor.page.evaluate(`RED.nodes.node("gone").outputs`), 2);
      await editor.page.evaluate("RED.history.pop()");
    });
  });

  describe("the example", () => {
    it("is of the chosen meter and period", async () => {
      await editor.edit("past");
      assert.match(
        await example(),
        /^\[\{ time: \d+, electric_energy_low: [\d.]+, electric_energy_high: [\d.]+ \}, …\]$/,
      );
      await editor.page.evaluate(`$("#node-input-period").typedInput("value", "day")`);
      assert.match(await example(), /electric_power: \d+/);
      await editor.page.evaluate(`$("#node-input-alias").typedInput("value", "pulse-2")`);
      assert.match(await example(), /flow: [\d.]+/);
      await editor.choose(field("format"), "raw");
      assert.match(await example(), /^\{ io_id: 1, time: \d+, data: \{ flow: \[\[\d+, [\d.]+\], …\] \} \}$/);
    });

    it("of readings shows readings, and the message for each of them", async () => {
      await editor.edit("sums");
      assert.match(await example(), /^2616\.842 +topic: ".*gas"$/);
      await field("split").uncheck();
      assert.equal(await example(), "{ gas: 2616.842 }");
    });
  });

  describe("the workspace", () => {
    it("of a narrow window has no dialog that is wider than Node-RED's own", async () => {
      await editor.page.setViewportSize({ width: 760, height: 800 });
      const width = async (id: string) => {
        const dialog = await editor.edit(id);
        const wide = await dialog
          .locator(".red-ui-tray-content")
          .first()
          .evaluate((content) => content.scrollWidth);
        await editor.cancel();
        return wide;
      };
      try {
        const own = await width("core");
        for (const id of ["house", "account", "live", "past", "sums", "find", "rule"]) {
          const wide = await width(id);
          assert(wide <= own, `${id}: ${wide} px, not ${own}`);
        }
      } finally {
        await editor.page.setViewportSize({ width: 1400, height: 1000 });
      }
    });

    it("gives a new node the only CEMM there is, which asks by itself", async () => {
      const device = flowsOf(simulator).filter(({ id }) => id === "house");
      await nodeRed.deploy([{ id: "tab", type: "tab", label: "Home" }, ...device]);
      await editor.close();
      editor = await Editor.open(browser, nodeRed.adminUrl);
      const id = await editor.drag("cemm-realtime", 300, 200);
      await editor.deploy();
      await editor.page.locator(".red-ui-flow-node-status-label", { hasText: / W$/ }).waitFor();
      const node = (await editor.flows()).find((node) => node.id === id);
      assert.deepEqual([node?.device, node?.repeat, node?.outputs], ["house", 10, 1]);
    });
  });
});
