/** What a new user meets in the first hour. */
import assert from "node:assert/strict";
import type { Locator } from "playwright-core";
import type { FlowNode } from "../support/node-red.js";
import { nodeRedVersion } from "../support/node-red-path.js";
import { NOBODY } from "../support/server.js";
import type { Editor } from "./editor.js";
import { flowsOf, KEY } from "./flows.js";
import { Lab } from "./lab.js";

describe(`first contact in Node-RED ${nodeRedVersion}`, function () {
  this.timeout(60_000);
  let lab: Lab;
  let editor: Editor;

  before(async () => {
    lab = await Lab.start({ devices: 2 });
    await lab.nodeRed.deploy([...flowsOf(lab.simulator), ...shed()], { account: { apiKey: KEY } });
    editor = await lab.open();
  });
  after(() => lab?.stop());
  afterEach(() => editor.tidy());

  /** A CEMM that is off, and a node that polls it when a message arrives. */
  const shed = (): FlowNode[] => {
    const device = { ...flowsOf(lab.simulator).find(({ id }) => id === "house"), id: "off", type: "cemm-device" };
    const press = { id: "press", type: "inject", z: "tab", x: 500, y: 400, props: [], wires: [["silent"]] };
    const node = { id: "silent", type: "cemm-realtime", z: "tab", x: 700, y: 400, device: "off", wires: [[]] };
    return [{ ...device, name: "Shed", host: NOBODY, uid: "" }, press, { ...node, alias: "p1", repeat: 0 }];
  };
  const field = (name: string): Locator =>
    editor.page.locator(`#node-input-${name}, #node-config-input-${name}`).last();
  const test = (): Locator => editor.page.locator("#cemm-test");
  const result = (): Locator => editor.page.locator("#cemm-result");
  const found = (): Locator => editor.page.locator("#cemm-found");
  const example = async (): Promise<string> => (await editor.page.locator("#cemm-example").textContent()) ?? "";

  describe("the debug sidebar", () => {
    it("shows the whole sentence of an error", async () => {
      await editor.page.evaluate(`RED.sidebar.show("debug")`);
      await lab.nodeRed.inject("press");
      const shown = editor.page.locator(".red-ui-debug-msg-payload").last();
      const sentence = `Shed (${NOBODY}) cannot be reached: the connection is refused or breaks off. Check its address, and the network in between. (ECONNREFUSED)`;
      await shown.getByText(sentence, { exact: true }).waitFor();
      assert.equal(((await shown.textContent()) ?? "").trim(), sentence);
    });
  });

  describe("the device's dialog", () => {
    it("shows a live value after Test, without scrolling", async () => {
      await editor.page.setViewportSize({ width: 1280, height: 640 });
      await editor.edit("house");
      await test().click();
      const value = result().getByText(/^p1: -?[\d.]+ W now$/);
      await value.waitFor();
      const isInSight = await value.evaluate((line) => {
        const frame = line.closest(".red-ui-tray-content")?.getBoundingClientRect();
        const { top, bottom } = line.getBoundingClientRect();
        return frame !== undefined && top >= frame.top && bottom <= frame.bottom;
      });
      await editor.page.setViewportSize({ width: 1400, height: 1000 });
      assert(isInSight);
    });

    it("clears the result when a field changes", async () => {
      await editor.edit("house");
      await test().click();
      await result().locator(".cemm-good").waitFor();
      await editor.type(field("timeout"), "20");
      assert.equal(await result().textContent(), "");
    });

    it("loses no click when an error line appears above the button", async () => {
      await editor.edit("house");
      await field("host").fill("a b");
      const box = await test().boundingBox();
      assert(box);
      // Step by step: the line appears when the field loses focus, which is when the button goes down.
      await editor.page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      await editor.page.mouse.down();
      await editor.page.waitForTimeout(100);
      await editor.page.mouse.up();
      await editor.page.getByRole("alert").getByText("Enter a name or an IP address").waitFor();
      await result().locator(".cemm-head").waitFor();
    });

    it("reports that the CEMM has a different address than entered, and offers that one", async () => {
      const tested = { route: "lan", ms: 5, uid: lab.simulator.uids[0], host: "192.168.1.7", meters: [] };
      const answer = { routes: [{ ...tested, name: "House", firmware: null, core: null }] };
      await editor.page.route("**/cemm/device/test", (route) => route.fulfill({ json: answer }), { times: 1 });
      await editor.edit("house");
      await field("host").fill("192.168.1.4");
      await test().click();
      await result().getByText("No matching CEMM at 192.168.1.4, but it was found at 192.168.1.7.").waitFor();
      assert.equal(await result().locator(".cemm-good").count(), 0);
      await result().getByRole("button", { name: "Use 192.168.1.7" }).click();
      assert.equal(await field("host").inputValue(), "192.168.1.7");
    });

    it("names a different CEMM found at the address, and offers to use it", async () => {
      const [first = "", second = ""] = lab.simulator.uids;
      await editor.edit("house");
      await field("uid").fill(second);
      await test().click();
      await result().getByText(`Another CEMM (${first}) has this address.`).waitFor();
      await result()
        .getByRole("button", { name: `Use ${first}` })
        .click();
      assert.equal(await field("uid").inputValue(), first);
    });

    it("shows a found CEMM's model and MAC address readably, and marks it while the fields match", async () => {
      await editor.edit("house");
      await editor.click(editor.page.locator("#cemm-search"));
      await found().getByRole("button", { name: "CEMM Basic" }).first().waitFor();
      const text = (await found().textContent()) ?? "";
      assert(text.includes(lab.simulator.uids[0] ?? "-"));
      assert.doesNotMatch(text, /_|([0-9A-F]{2}:){5}/);
      const choice = found().getByRole("button", { name: "CEMM Plus" });
      await editor.click(choice);
      assert.equal(await choice.getAttribute("aria-pressed"), "true");
      await field("host").pressSequentially("1");
      assert.equal(await choice.getAttribute("aria-pressed"), "false");
      await editor.choose(field("access"), "auto");
      assert.equal(await found().textContent(), "");
    });

    it("selects the only account when it needs one", async () => {
      await editor.edit("house");
      await editor.choose(field("access"), "cloud");
      assert.equal(await field("account").inputValue(), "account");
      await editor.click(editor.page.locator("#cemm-lookup"));
      await found()
        .getByRole("button", { name: lab.simulator.uids[1] ?? "" })
        .waitFor();
    });

    it("distinguishes an account's CEMMs by their meters", async () => {
      await editor.edit("cabin");
      await editor.click(editor.page.locator("#cemm-lookup"));
      await found()
        .getByRole("button", { name: /smart meter, port 3/ })
        .first()
        .waitFor();
    });
  });

  describe("the account's dialog", () => {
    it("shows the default as a placeholder", async () => {
      await editor.edit("account");
      assert.equal(await field("concurrency").getAttribute("placeholder"), "4");
      await editor.cancel();
      await editor.edit("house");
      assert.equal(await field("timeout").getAttribute("placeholder"), "30");
    });

    it("requires a key", async () => {
      await editor.edit("account");
      await editor.type(field("apiKey"), "");
      await editor.page.keyboard.press("Tab");
      await editor.page.getByRole("alert").getByText("Enter the API key.").waitFor();
      assert.match((await field("apiKey").getAttribute("class")) ?? "", /input-error/);
    });
  });

  describe("a live node", () => {
    it("shows the shortest interval for the CEMM's connection", async () => {
      await editor.edit("live");
      const limit = editor.page.locator("#cemm-limit");
      assert.equal(
        await limit.textContent(),
        "0: only when a message arrives. Shortest interval on the local network: 1 second.",
      );
      await editor.choose(field("device"), "cabin");
      await editor.type(field("repeat"), "5");
      await editor.page.keyboard.press("Tab");
      assert.equal(
        await limit.textContent(),
        "0: only when a message arrives. Shortest interval through the cloud: 10 seconds.",
      );
      assert.match((await limit.getAttribute("class")) ?? "", /cemm-warning/);
      await editor.choose(field("device"), "both");
      assert.match((await limit.textContent()) ?? "", /1 second on the local network, 10 seconds through the cloud/);
      assert.doesNotMatch((await limit.getAttribute("class")) ?? "", /cemm-warning/);
    });

    it("requires a channel when one value is sent", async () => {
      await editor.edit("live");
      assert.equal(await field("channel").isVisible(), false);
      await editor.choose(field("format"), "value");
      await field("channel").fill("");
      await editor.page.keyboard.press("Tab");
      await editor.page.getByRole("alert").getByText("Enter the channel to send").waitFor();
    });

    it("has a second output if availability is on", async () => {
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
    it("follows the chosen meter, period and format", async () => {
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

    it("shows readings for a readings node, with or without one message per channel", async () => {
      await editor.edit("sums");
      assert.match(await example(), /^2616\.842\ntopic: ".*gas"$/);
      await field("split").uncheck();
      assert.equal(await example(), "{ gas: 2616.842 }");
    });
  });

  describe("the discover node's example", () => {
    it("follows the chosen source and details", async () => {
      await editor.edit("find");
      const meter = '{ alias: "p1", type: "p1", port: 3, ioId: 1, … }';
      const start = '{ uid: "00-1E-C0-85-96-CC", host: "192.168.1.10", ';
      assert.equal(await example(), `${start}name: "CEMM Basic", meters: [${meter}, …], … }`);
      await field("details").uncheck();
      assert.equal(await example(), `${start}model: "CEMM_basic", core: "1.25", … }`);
      await editor.choose(field("source"), "cloud");
      await editor.choose(field("deliver"), "one");
      assert.match(await example(), /^\[\{ uid: "00-1E-C0-85-96-CC", source: "cloud", mac: .* \}, …\]$/);
      assert.equal(await field("account").inputValue(), "account");
    });
  });

  describe("a node's meter", () => {
    const METERS = ["emucs", "emucs-gas", "s01"].map((alias) => ({ alias, type: null, port: 3 }));
    const note = () => editor.page.locator("#cemm-alias-note");
    before(async () => {
      // The page of the other tests has cached the meters for a minute.
      editor = await lab.open();
      await editor.page.route("**/cemm/device/meters", (route) => route.fulfill({ json: { meters: METERS } }));
    });

    it("is set to the smart meter of the chosen CEMM", async () => {
      await editor.edit("gone");
      await editor.page.evaluate(`$("#node-input-target").typedInput("type", "str").typedInput("value", "")`);
      await editor.page.evaluate(`$("#node-input-alias").typedInput("type", "str").typedInput("value", "p1")`);
      await editor.choose(field("device"), "house");
      await editor.page.waitForFunction(`$("#node-input-alias").typedInput("value") === "emucs"`);
      assert.equal(await note().textContent(), "");
    });

    it("is reported if its CEMM does not have it, with the meters that it has, the closest first", async () => {
      await editor.edit("gone");
      await editor.page.evaluate(`$("#node-input-target").typedInput("type", "str").typedInput("value", "")`);
      await editor.choose(field("device"), "house");
      await editor.page.evaluate(`$("#node-input-alias").typedInput("type", "str").typedInput("value", "p1-gas")`);
      await note().getByText("This CEMM has no meter p1-gas. It has: emucs-gas, emucs, s01.").waitFor();
      assert.match((await note().getAttribute("class")) ?? "", /cemm-warning/);
      await editor.page.evaluate(`$("#node-input-alias").typedInput("value", "s01")`);
      await editor.page.waitForFunction(`$("#cemm-alias-note").text() === ""`);
    });
  });

  describe("in Dutch", () => {
    before(async () => {
      editor = await lab.open({ lang: "nl" });
    });

    it("translates the status and the help", async () => {
      const help = await editor.page.evaluate(`$("script[data-help-name='cemm-totals']").html()`);
      assert.match(String(help), /meterstanden/);
      assert.equal(await editor.page.evaluate(`RED._("node-red-contrib-cemm/cemm-device:status.asking")`), "haalt op…");
    });

    it("translates a runtime error by its code, and adds the English details", async () => {
      await editor.edit("house");
      await field("host").fill(NOBODY);
      await field("uid").fill("");
      await test().click();
      await result().locator(".cemm-bad").waitFor();
      const lines = await result().locator(".cemm-bad > div").allTextContents();
      assert.deepEqual(
        lines.map((line) => line.trim()),
        [
          "Op dit adres antwoordt niets.",
          "Controleer het adres. Heeft de CEMM stroom en netwerk?",
          `House (${NOBODY}) cannot be reached: the connection is refused or breaks off. Check its address, and the network in between. (ECONNREFUSED)`,
        ],
      );
    });
  });

  describe("the workspace", () => {
    it("gives a new node the only CEMM, so that it polls", async () => {
      const device = flowsOf(lab.simulator).filter(({ id }) => id === "house");
      await lab.nodeRed.deploy([{ id: "tab", type: "tab", label: "Home" }, ...device]);
      editor = await lab.open();
      const id = await editor.drag("cemm-realtime", 300, 200);
      await editor.deploy();
      await editor.page.locator(".red-ui-flow-node-status-label", { hasText: / W$/ }).waitFor();
      const node = (await editor.flows()).find((node) => node.id === id);
      assert.deepEqual([node?.device, node?.repeat, node?.outputs], ["house", 10, 1]);
    });
  });

  describe("an empty editor", () => {
    it("shows a live value after at most 9 actions, with only the mouse", async () => {
      await lab.nodeRed.deploy([]);
      editor = await lab.open();
      const id = await editor.drag("cemm-realtime", 300, 200);
      await editor.doubleClick(editor.node(id));
      await editor.dialog();
      await editor.click(editor.page.locator("#node-input-btn-device-add"));
      await editor.dialog();
      // The dialog searches automatically, and tests the chosen CEMM.
      await editor.click(found().getByRole("button", { name: "CEMM Plus" }));
      await result().locator(".cemm-now").waitFor();
      await editor.done();
      await editor.done();
      await editor.deploy();
      const value = editor.page.locator(".red-ui-flow-node-status-label", { hasText: /^-?[\d.]+ W$/ });
      await value.waitFor();
      console.log(`      ${editor.actions} actions from an empty editor to ${await value.textContent()}`);
      assert(editor.actions <= 9, `${editor.actions} actions`);
      const device = (await editor.flows()).find(({ type }) => type === "cemm-device");
      const { uid, host, name } = device ?? {};
      assert.deepEqual([uid, host, name], [lab.simulator.uids[0], lab.simulator.addresses.lan[0], "CEMM Plus"]);
    });
  });
});
