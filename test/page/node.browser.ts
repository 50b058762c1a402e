/** The page of a simulated CEMM, served by cemm-page in a real Node-RED. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type { Editor } from "../editor/editor.js";
import { KEY } from "../editor/flows.js";
import { Lab } from "../editor/lab.js";
import { nodeRedVersion } from "../support/node-red-path.js";

const MAX_ACTIONS = 6;

describe(`the page of a node in Node-RED ${nodeRedVersion}`, function () {
  this.timeout(60_000);
  let lab: Lab;
  let editor: Editor;
  let page: Page;
  const errors: string[] = [];

  before(async () => {
    lab = await Lab.start({ devices: 1 });
    editor = await lab.open();
  });
  after(() => lab?.stop());
  afterEach(() => assert.deepEqual(errors.splice(0), []));

  it("adds no CEMM if its dialog is cancelled", async () => {
    const id = await editor.drag("cemm-page", 300, 300);
    await editor.doubleClick(editor.node(id));
    await editor.dialog();
    await editor.page.locator("#cemm-first-found [aria-pressed=true]").waitFor();
    await editor.cancel();
    assert.deepEqual(
      (await editor.flows()).map(({ type }) => type),
      ["tab", "cemm-page"],
    );
    await editor.press("Delete");
    // As in a newly opened editor.
    await editor.page.locator("#red-ui-palette-container").evaluate((palette) => palette.scrollTo(0, 0));
    editor.actions = 0;
  });

  it(`opens from an empty editor in at most ${MAX_ACTIONS} actions, with only the mouse`, async () => {
    const id = await editor.drag("cemm-page", 300, 200);
    await editor.doubleClick(editor.node(id));
    await editor.dialog();
    // The only CEMM on the network is selected.
    await editor.page.locator("#cemm-first-found [aria-pressed=true]", { hasText: "CEMM Plus" }).waitFor();
    await editor.done();
    await editor.deploy();
    const opened = editor.page.context().waitForEvent("page");
    await editor.click(editor.node(id).locator(".red-ui-flow-node-button-button"));
    page = await opened;
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    await page.locator(".power .bought.fresh, .power .sold.fresh").waitFor();
    console.log(
      `      ${editor.actions} actions from an empty editor to ${await page.locator(".power").textContent()}`,
    );
    assert(editor.actions <= MAX_ACTIONS, `${editor.actions} actions`);
  });

  it("adds the selected CEMM to the flows, as its own dialog would", async () => {
    const device = (await editor.flows()).find(({ type }) => type === "cemm-device");
    assert.equal(device?.uid, lab.simulator.uids[0]);
    assert.equal(device?.timezone, "Europe/Amsterdam");
    const dialog = await editor.edit(String(device?.id));
    assert.equal(await dialog.locator("#node-config-input-host").inputValue(), lab.simulator.addresses.lan[0]);
    await editor.cancel();
  });

  it("shows a CEMM in the cloud, whose list of meters has no aliases", async () => {
    await lab.nodeRed.deploy(
      [
        { id: "tab", type: "tab", label: "Home" },
        { id: "account", type: "cemm-account", name: "Cloud", baseUrl: lab.simulator.addresses.cloud },
        { id: "cabin", type: "cemm-device", name: "Cabin", access: "cloud", account: "account", uid: "", host: "" },
        { id: "page", z: "tab", type: "cemm-page", device: "cabin", path: "/cabin", x: 200, y: 200, wires: [[]] },
      ],
      { account: { apiKey: KEY } },
    );
    await page.goto(`${lab.nodeRed.url}/cabin`);
    await page.locator(".power .bought.fresh, .power .sold.fresh").waitFor();
    await page.locator(".period-figures .bought .value").waitFor({ timeout: 30_000 });
    assert.equal(await page.locator("h1").textContent(), "Cabin");
    assert.doesNotMatch((await page.locator("body").textContent()) ?? "", /answer|NaN|s3cret/);
  });

  it("does not call a meter unlisted while the CEMM cannot list its meters", async () => {
    await lab.nodeRed.deploy([
      { id: "tab", type: "tab", label: "Home" },
      { id: "away", type: "cemm-device", name: "Away", access: "lan", host: "127.0.0.1:1", uid: "", timeout: 1 },
      {
        id: "page",
        z: "tab",
        type: "cemm-page",
        device: "away",
        path: "/away",
        meters: [{ alias: "mb5", name: "Heat pump" }],
        x: 200,
        y: 200,
        wires: [[]],
      },
    ]);
    editor = await lab.open();
    const meters = (await editor.edit("page")).locator("#cemm-meters");
    await meters.locator("tbody tr").waitFor();
    const text = (await meters.textContent()) ?? "";
    assert.match(text, /cannot list its meters at the moment.*mb5/);
    assert.doesNotMatch(text, /not in the CEMM's list/);
    await editor.cancel();
  });
});
