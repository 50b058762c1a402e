/** The trigger's dialog, from a live node to an automation. */
import assert from "node:assert/strict";
import type { Locator } from "playwright-core";
import { z } from "zod";
import { PRESETS, type PresetRule, presetRule } from "../../src/lib/trigger/presets-table.js";
import { TIMES } from "../../src/lib/trigger/times-table.js";
import english from "../../src/nodes/locales/en-US/trigger.json";
import type { FlowNode } from "../support/node-red.js";
import { nodeRedVersion } from "../support/node-red-path.js";
import { contrastsBelow } from "./contrast.js";
import type { Editor, EditorOptions } from "./editor.js";
import { Lab } from "./lab.js";

const Day = z.object({ on: z.array(z.unknown()), switchings: z.number() });

/** On while the house uses more than 400 W, which happens every day. */
const RULE = {
  channel: "electric_power",
  measure: "average",
  window: 300,
  direction: "above",
  on: "400",
  onDelay: 60,
  minOn: 600,
  off: "250",
  offDelay: 120,
  minOff: 0,
  lost: "off",
  lostAfter: 120,
};

describe(`the trigger's dialog in Node-RED ${nodeRedVersion}`, function () {
  this.timeout(60_000);
  let lab: Lab;
  let editor: Editor;

  before(async () => {
    lab = await Lab.start({ devices: 1 });
  });
  after(() => lab?.stop());
  afterEach(() => editor.tidy());

  const open = async (options?: EditorOptions): Promise<void> => {
    editor = await lab.open(options);
  };
  const input = (name: string): Locator => editor.page.locator(`#node-input-${name}`);
  /** The visible part of a typed input. */
  const typed = (name: string): Locator =>
    editor.page.locator(`#node-input-${name} + .red-ui-typedInput-container input`).first();
  const type = async (name: string, text: string): Promise<void> => {
    await typed(name).press("Control+A");
    await typed(name).pressSequentially(text);
  };
  const preset = (name: string): Locator => editor.page.locator("#cemm-presets").getByRole("button", { name });
  const appliance = (): Locator => editor.page.locator("#cemm-appliance");
  /** Unfolds the rarely used fields. */
  const unfold = (): Promise<void> => editor.page.locator(".cemm-more > summary").click();
  /** Fails unless the node has these values, of any type. */
  const assertValues = (node: Record<string, unknown>, values: PresetRule): void => {
    for (const [name, value] of Object.entries(values)) assert.equal(String(node[name]), String(value), name);
  };
  const dayText = (): Locator => editor.page.locator("#cemm-day");
  const drawing = (): Locator => editor.page.locator("#cemm-drawing svg");
  const sentence = async (): Promise<string> => (await editor.page.locator("#cemm-sentence").textContent()) ?? "";
  const alerts = async (): Promise<string[]> =>
    (await editor.page.getByRole("alert").allInnerTexts()).filter((text) => text !== "");
  const saved = async (id: string): Promise<Record<string, unknown>> =>
    (await editor.flows()).find((node) => node.id === id) ?? assert.fail(id);
  const setTyped = (name: string, type: string, value: string) =>
    editor.page.evaluate(
      `(() => { const f = $("#node-input-${name}"); f.typedInput("type", "${type}"); f.typedInput("value", "${value}"); })()`,
    );

  const home = (): FlowNode[] => [
    { id: "tab", type: "tab", label: "Home" },
    {
      id: "house",
      type: "cemm-device",
      name: "House",
      access: "lan",
      host: lab.simulator.addresses.lan[0],
      uid: lab.simulator.uids[0],
      account: "",
      timezone: "Europe/Amsterdam",
      timeout: "25",
    },
  ];
  const live = (wires: string[][], more: object = {}): FlowNode => ({
    id: "live",
    type: "cemm-realtime",
    z: "tab",
    x: 150,
    y: 200,
    device: "house",
    alias: "p1",
    aliasType: "str",
    target: "",
    targetType: "str",
    format: "values",
    repeat: 10,
    availability: wires.length > 1,
    outputs: wires.length,
    wires,
    ...more,
  });
  const rule = (id: string, y: number, more: object = {}): FlowNode => ({
    id,
    type: "cemm-trigger",
    z: "tab",
    x: 500,
    y,
    ...RULE,
    onType: "num",
    offType: "num",
    onPayload: "true",
    onPayloadType: "bool",
    offPayload: "false",
    offPayloadType: "bool",
    topic: "",
    name: "",
    wires: [[]],
    ...more,
  });

  it("turns a live node into a switch on surplus in at most 7 actions, with only the mouse", async () => {
    await lab.nodeRed.deploy([...home(), live([[]])]);
    await open();
    const id = await editor.drag("cemm-trigger", 400, 200);
    await editor.wire("live", id);
    await editor.doubleClick(editor.node(id));
    await editor.dialog();
    await editor.click(preset("Solar surplus"));
    await drawing().waitFor();
    await editor.done();
    await editor.deploy();
    console.log(`      ${editor.actions} actions from a live node to a switch on surplus`);
    assert(editor.actions <= 7, `${editor.actions} actions`);
    // Its status shows that values of the live node reach it.
    await editor
      .node(id)
      .locator(".red-ui-flow-node-status-label", { hasText: /^(on|off) · -?[\d.]+ W/ })
      .waitFor();
    const node = await saved(id);
    assertValues(node, presetRule("surplus"));
    assert.deepEqual((await saved("live")).wires, [[id]]);
  });

  describe("of a wired trigger", () => {
    before(async () => {
      const linked = { type: "link out", z: "tab", x: 300, y: 400, mode: "link", links: ["in"], wires: [] };
      await lab.nodeRed.deploy([
        ...home(),
        live([["near", "knot", "out"], ["availability"]]),
        rule("near", 60),
        { id: "knot", type: "junction", z: "tab", x: 300, y: 300, wires: [["behind"]] },
        rule("behind", 300),
        { ...linked, id: "out" },
        { id: "other", type: "tab", label: "Other" },
        { id: "in", type: "link in", z: "other", x: 100, y: 100, links: ["out"], wires: [["far"]] },
        rule("far", 100, { z: "other" }),
        rule("availability", 500),
        rule("alone", 600),
        rule("flow", 700, { channel: "flow" }),
      ]);
      await open();
    });

    it("fills the fields from a preset, and marks the preset", async () => {
      await editor.edit("near");
      for (const { name, hasAppliance } of PRESETS) {
        const label = english.preset[name].name;
        await setTyped("on", "msg", "limit");
        assert.equal(await preset(label).getAttribute("aria-pressed"), "false");
        await preset(label).click();
        assert.equal(await preset(label).getAttribute("aria-pressed"), "true");
        assert.equal(await editor.page.locator("#cemm-presets [aria-pressed=true]").count(), 1);
        for (const [field, value] of Object.entries(presetRule(name))) {
          if (!Object.hasOwn(TIMES, field)) assert.equal(await input(field).inputValue(), String(value), field);
        }
        assert.equal(await input("onType").inputValue(), "num");
        assert.equal(await appliance().isVisible(), hasAppliance);
        assert.deepEqual(await alerts(), []);
      }
      await editor.done();
      assertValues(await saved("near"), presetRule(PRESETS[PRESETS.length - 1]?.name ?? assert.fail()));
      await editor.page.evaluate("RED.history.pop()");
    });

    it("calculates thresholds and minimum times from the appliance's power, and keeps the other fields", async () => {
      await editor.edit("near");
      await preset("Solar surplus").click();
      await input("onDelay").fill("1 min 30");
      await appliance().fill("3500");
      assert.equal(
        await sentence(),
        "On when the 10-minute average is below -2280 W for 90 seconds; off above 2280 W for 15 minutes; stays on at least 1 hour; stays off at least 40 minutes; off when there is no value for 2 minutes.",
      );
      await appliance().fill("");
      assert.match(await sentence(), /below -2280 W/);
      await appliance().fill("lots");
      assert.match(await sentence(), /below -2280 W/);
      await appliance().fill("500");
      await editor.done();
      assertValues(await saved("near"), { ...presetRule("surplus", 500), onDelay: 90 });
      await editor.edit("near");
      assert.equal(await appliance().inputValue(), "500");
      await editor.cancel();
      await editor.page.evaluate("RED.history.pop()");
    });

    it("shows times with units, and saves seconds", async () => {
      await editor.edit("near");
      assert.equal(await input("offDelay").inputValue(), "2 min");
      for (const [typed, shown, seconds] of [
        ["1 h 30", "1 h 30 min", 5400],
        ["2 uur", "2 h", 7200],
        ["45", "45 s", 45],
      ] as const) {
        await editor.edit("near");
        await input("offDelay").fill(typed);
        await input("offDelay").blur();
        assert.equal(await input("offDelay").inputValue(), shown);
        await editor.done();
        assert.equal(Number((await saved("near")).offDelay), seconds);
      }
      await editor.edit("near");
      await input("offDelay").fill("");
      await input("offDelay").pressSequentially("a while");
      assert.match(
        (await alerts()).join(),
        /^Enter a length of time of at most a year, such as 15 min, 90 s or 1 h 30\.$/,
      );
      await editor.cancel();
      for (let n = 0; n < 3; n++) await editor.page.evaluate("RED.history.pop()");
    });

    it("folds rarely used fields, and unfolds them if one is invalid", async () => {
      const unfolded = ["channel", "measure", "direction", "onDelay", "offDelay", "topic", "name"];
      const folded = ["minOn", "minOff", "lost", "lostAfter"];
      await editor.edit("near");
      await preset("Solar surplus").click();
      for (const name of unfolded) assert.equal(await input(name).isVisible(), true, name);
      for (const name of folded) assert.equal(await input(name).isVisible(), false, name);
      const payload = editor.page.locator("#node-input-onPayload + .red-ui-typedInput-container");
      assert.equal(await payload.isVisible(), false);
      await unfold();
      for (const name of folded) assert.equal(await input(name).isVisible(), true, name);
      assert.equal(await payload.isVisible(), true);
      await editor.cancel();
      await editor.page.evaluate(`RED.nodes.node("near").minOn = -1`);
      await editor.edit("near");
      await input("minOn").waitFor();
      assert.equal((await alerts()).length, 1);
      await editor.page.evaluate(`RED.nodes.node("near").minOn = 600`);
    });

    it("updates the sentence while typing", async () => {
      await editor.edit("near");
      assert.equal(
        await sentence(),
        "On when the 5-minute average is above 400 W for 1 minute; off below 250 W for 2 minutes; stays on at least 10 minutes; off when there is no value for 2 minutes.",
      );
      await type("on", "4000");
      assert.match(await sentence(), /above 4000 W/);
      await unfold();
      await input("lostAfter").fill("1 h");
      assert.match(await sentence(), /no value for 1 hour/);
      await input("measure").selectOption("value");
      assert.match(await sentence(), /^On when the value is above/);
      assert.equal(await input("window").isVisible(), false);
      await setTyped("off", "msg", "limit");
      assert.match(await sentence(), /off below msg\.limit/);
    });

    it("draws yesterday's values of the live node's CEMM, with the times that it would have been on", async () => {
      await editor.edit("near");
      await drawing().waitFor();
      const { on, switchings } = await yesterday();
      assert(on > 0 && switchings >= on);
      assert.equal(await drawing().locator(".cemm-on").count(), on);
      assert.match(
        (await dayText().textContent()) ?? "",
        new RegExp(
          `^Yesterday \\(House · p1\\): from -?\\d+ to \\d+ W\\. On for .* in all, switched ${switchings} times\\.`,
        ),
      );
      const points = (await drawing().locator(".cemm-power").getAttribute("d")) ?? "";
      assert(points.split(/[ML]/).length > 1300);
      assert.equal(await editor.page.locator("#cemm-day-device").isVisible(), false);
      // The house never uses that much.
      await type("on", "100000");
      await dayText().getByText("Never on.").waitFor();
      assert.equal(await drawing().locator(".cemm-on").count(), 0);
    });

    it("gives screen readers the drawing as one image with a description", async () => {
      await editor.edit("near");
      const picture = editor.page.getByRole("img", { name: "electric_power of House · p1, yesterday" });
      await picture.waitFor();
      const description = await picture.evaluate(
        (svg) => document.getElementById(svg.getAttribute("aria-describedby") ?? "")?.textContent,
      );
      assert.match(description ?? "", /switched \d+ times\. · On: \d\d:\d\d–\d\d:\d\d/);
    });

    for (const [id, how] of [
      ["behind", "a junction"],
      ["far", "links to another tab"],
    ] as const) {
      it(`finds the live node behind ${how}`, async () => {
        await editor.edit(id);
        await dayText().getByText("Yesterday (House · p1)").waitFor();
      });
    }

    it("does not treat the availability output as the live node's values", async () => {
      await editor.edit("availability");
      await dayText().getByText("Wire a CEMM live node to this one, or choose a CEMM").waitFor();
      assert.equal(await drawing().count(), 0);
    });

    it("draws the values of a chosen CEMM, without saving the choice", async () => {
      const before = await saved("alone");
      await editor.edit("alone");
      await editor.page.locator("#cemm-day-device").selectOption("house");
      await dayText().getByText("Yesterday (House · p1)").waitFor();
      await editor.page.locator("#cemm-day-alias").fill("s01");
      await dayText().getByText("Yesterday (House · s01)").waitFor();
      await editor.done();
      assert.deepEqual(await saved("alone"), before);
      assert.equal(await editor.page.evaluate(`Boolean(RED.nodes.node("alone").changed)`), false);
    });

    it("explains why there is nothing to draw", async () => {
      await editor.edit("near");
      await drawing().waitFor();
      await input("channel").fill("flow");
      await dayText().getByText("House · p1 recorded no flow yesterday, only: electric_power.").waitFor();
      assert.equal(await drawing().count(), 0);
      await input("channel").fill("gas");
      await dayText().getByText("No preview: a CEMM does not record gas by the minute.").waitFor();
      await input("channel").fill("");
      await drawing().waitFor();
      await setTyped("on", "msg", "limit");
      await dayText().getByText("No preview: thresholds come with each message.").waitFor();
    });

    it("shows errors next to the field, including an off threshold on the wrong side", async () => {
      await editor.edit("near");
      await type("off", "500");
      const wrong = "Off must be 400 or lower: what lies between would be both on and off.";
      assert.deepEqual(await alerts(), [wrong]);
      await type("on", "600");
      assert.deepEqual(await alerts(), []);
      await input("direction").selectOption("below");
      assert.deepEqual(await alerts(), ["Off must be 600 or higher: what lies between would be both on and off."]);
      await setTyped("on", "msg", "limit");
      assert.deepEqual(await alerts(), []);
      await setTyped("on", "num", "much");
      await input("onDelay").pressSequentially("x");
      assert.deepEqual(await alerts(), [
        "Enter a number.",
        "Enter a length of time of at most a year, such as 15 min, 90 s or 1 h 30.",
      ]);
    });

    it("marks a node on the workspace if its off threshold is on the wrong side", async () => {
      const isValid = () => editor.page.evaluate(`RED.nodes.node("near").valid`);
      assert.equal(await isValid(), true);
      await editor.edit("near");
      await type("off", "500");
      await editor.done();
      assert.equal(await isValid(), false);
      await editor.page.evaluate("RED.history.pop()");
    });

    it("uses the CEMM's settings from the editor before they are deployed", async () => {
      const reach = (host = "") => editor.page.evaluate(`RED.nodes.node("house").host = "${host}"`);
      await reach("127.0.0.1:9");
      await editor.page.evaluate(`RED.nodes.node("house").uid = ""`);
      await editor.edit("near");
      await dayText().getByText("Nothing answers there.").waitFor();
      await dayText().getByText("Check the address.").waitFor();
      await editor.cancel();
      await reach(lab.simulator.addresses.lan[0]);
      await editor.edit("near");
      await drawing().waitFor();
    });

    it("shows the rule and its output on the workspace", async () => {
      const shown = await editor.page.evaluate(`(() => { const n = RED.nodes.node("near"); const d = n._def;
        return [RED.utils.getNodeLabel(n), d.paletteLabel.call(n), d.outputLabels.call(n, 0), d.icon.call(n)]; })()`);
      assert.deepEqual(shown, ["on above 400 W", "CEMM trigger", "on or off, when it changes", "cemm-trigger.svg"]);
      assert.equal(await editor.page.evaluate(`RED.utils.getNodeLabel(RED.nodes.node("flow"))`), "on above 400 L/min");
    });

    it("has enough contrast in the dark theme, and its drawing follows the theme", async () => {
      const colours: string[] = [];
      for (const dark of [false, true]) {
        await open({ dark });
        await editor.edit("near");
        await drawing().waitFor();
        for (const [what, contrast] of await dayText().evaluate(contrastsBelow))
          assert(contrast >= 3, `${what}: ${contrast}`);
        colours.push(
          await drawing()
            .locator(".cemm-power")
            .evaluate((line) => getComputedStyle(line).stroke),
        );
      }
      // Node-RED has a dark theme since version 5.
      assert.equal(new Set(colours).size, nodeRedVersion.startsWith("4") ? 1 : 2);
    });
  });

  /** The runtime's own result for yesterday. */
  async function yesterday(): Promise<{ on: number; switchings: number }> {
    const device = { access: "lan", host: lab.simulator.addresses.lan[0] };
    const body = { meter: { device, alias: "p1" }, ...RULE };
    const response = await lab.nodeRed.admin("cemm/trigger/day", { method: "POST", body });
    const { on, switchings } = Day.parse(await response.json());
    return { on: on.length, switchings };
  }
});
