/** The page as cemm-page serves it, of a simulated CEMM, in a real Node-RED. */
import assert from "node:assert/strict";
import type { Page } from "playwright-core";
import type { Editor } from "../editor/editor.js";
import { Lab } from "../editor/lab.js";
import { nodeRedVersion } from "../support/node-red-path.js";

const MOST_ACTIONS = 7;

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

  it(`is reached from an empty editor in at most ${MOST_ACTIONS} actions, by mouse alone`, async () => {
    const id = await editor.drag("cemm-page", 300, 200);
    await editor.doubleClick(editor.node(id));
    await editor.dialog();
    await editor.click(editor.page.locator("#cemm-first-found").getByRole("button", { name: "CEMM Plus" }));
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
    assert(editor.actions <= MOST_ACTIONS, `${editor.actions} actions`);
  });

  it("the CEMM that was picked is one of the flows, as if it had been made by its own dialog", async () => {
    const device = (await editor.flows()).find(({ type }) => type === "cemm-device");
    assert.equal(device?.uid, lab.simulator.uids[0]);
    assert.equal(device?.timezone, "Europe/Amsterdam");
    const dialog = await editor.edit(String(device?.id));
    assert.equal(await dialog.locator("#node-config-input-host").inputValue(), lab.simulator.addresses.lan[0]);
    await editor.cancel();
  });
});
