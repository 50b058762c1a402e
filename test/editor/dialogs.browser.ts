import assert from "node:assert/strict";
import { createServer } from "node:http";
import type { Locator } from "playwright-core";
import { startNodeRed } from "../support/node-red.js";
import { nodeRedVersion } from "../support/node-red-path.js";
import { portOf } from "../support/server.js";
import type { Editor, EditorOptions } from "./editor.js";
import { flowsOf, KEY } from "./flows.js";
import { Lab } from "./lab.js";
import { startProxy } from "./proxy.js";

const MARKUP = '<img src=x onerror="document.title=1">';

describe(`the dialogs in Node-RED ${nodeRedVersion}`, function () {
  this.timeout(60_000);
  let lab: Lab;
  let editor: Editor;

  before(async () => {
    lab = await Lab.start({ devices: 2, promise: 100 });
  });
  after(() => lab?.stop());
  afterEach(() => editor.tidy());

  const open = async (options?: EditorOptions, url?: string): Promise<void> => {
    editor = await lab.open(options, url);
  };
  /** Opens an editor with all nodes, for a group of tests. */
  const openAll = async (): Promise<void> => {
    await lab.deployAll();
    await open();
  };

  const field = (name: string): Locator =>
    editor.page.locator(`#node-input-${name}, #node-config-input-${name}`).last();
  const found = (): Locator => editor.page.locator("#cemm-found");
  const result = (): Locator => editor.page.locator("#cemm-result");

  describe("for a new user", () => {
    it("can be used with the keyboard only", async () => {
      await lab.nodeRed.deploy([
        { id: "new", type: "cemm-device", name: "", access: "lan", host: "", uid: "", account: "" },
      ]);
      await open();
      await editor.edit("new");
      await editor.page.locator("#cemm-search").focus();
      await editor.page.keyboard.press("Enter");
      await found().getByRole("button").first().waitFor();
      await editor.page.keyboard.press("Tab");
      await editor.page.keyboard.press("Space");
      assert.equal(await found().getByRole("button").first().getAttribute("aria-pressed"), "true");
      assert.notEqual(await field("host").inputValue(), "");
    });
  });

  describe("of deployed nodes", () => {
    before(() => openAll());

    describe("saved and opened again", () => {
      const own = async () => (await editor.flows()).filter(({ type }) => String(type).startsWith("cemm-"));

      for (const id of ["account", "house", "cabin", "both", "live", "past", "asked", "sums", "find", "list", "rule"]) {
        it(`leave ${id} unchanged`, async () => {
          const before = await own();
          for (let round = 0; round < 2; round++) {
            await editor.edit(id);
            await editor.done();
          }
          assert.deepEqual(await own(), before);
          assert.equal(await editor.page.evaluate(`Boolean(RED.nodes.node("${id}").changed)`), false);
        });
      }
    });

    describe("of the config nodes", () => {
      it("explain a search that finds nothing, and search at another address", async () => {
        await editor.searchAt("127.0.0.1:9");
        await editor.edit("house");
        await editor.click(editor.page.locator("#cemm-search"));
        await found().getByText("No CEMM answered.").waitFor();
        for (const text of [/Docker/, /VLAN/, /1\.23/, /127\.0\.0\.1, UDP port 9/])
          await found().getByText(text).waitFor();
        await editor.searchAt(lab.simulator.addresses.udp);
        await editor.type(editor.page.locator("#cemm-broadcast"), "127.0.0.1");
        await editor.press("Enter");
        await found().getByRole("button", { name: "CEMM Basic" }).waitFor();
      });

      it("test a CEMM with the fields as typed, before deploying", async () => {
        await editor.edit("house");
        await editor.click(editor.page.locator("#cemm-test"));
        for (const text of [
          /CEMM Plus · [\d.]+ m?s/,
          /firmware 2\.26\.0\.0/,
          /smart meter, connection 1\.1 \(port 3\)/,
        ]) {
          await result().getByText(text).waitFor();
        }
      });

      it("test both connections of a CEMM that has two", async () => {
        await editor.edit("both");
        await editor.click(editor.page.locator("#cemm-test"));
        await result().getByText("On the local network").waitFor();
        await result().getByText("Through the cloud").waitFor();
        assert.equal(await result().locator(".cemm-good").count(), 2);
      });

      it("test an account with the stored key, and with a typed one", async () => {
        await editor.edit("account");
        assert.equal(await field("apiKey").inputValue(), "__PWRD__");
        await editor.click(editor.page.locator("#cemm-test"));
        await result().getByText("The key works. CEMMs: 2").waitFor();
        await editor.type(field("apiKey"), "wrong");
        await editor.click(editor.page.locator("#cemm-test"));
        await result().getByText("The key was refused.").waitFor();
      });

      it("look up and test with an account that is not deployed yet", async () => {
        await editor.page.evaluate(
          `RED.nodes.add({ id: "fresh", type: "cemm-account", name: "Fresh", baseUrl: "${lab.simulator.addresses.cloud}",
            users: [], _def: RED.nodes.getType("cemm-account"), _config: {}, credentials: { apiKey: "${KEY}" }, changed: true })`,
        );
        await editor.edit("cabin");
        await editor.choose(field("account"), "fresh");
        await editor.click(editor.page.locator("#cemm-lookup"));
        await editor.click(found().getByRole("button", { name: lab.simulator.uids[1] ?? "" }));
        await editor.click(editor.page.locator("#cemm-test"));
        await result().locator(".cemm-good").waitFor();
      });

      it("hide the fields that the chosen access does not use", async () => {
        await editor.edit("house");
        const shown = async () => ({
          host: await field("host").isVisible(),
          search: await editor.page.locator("#cemm-search").isVisible(),
          account: await field("account").isVisible(),
          lookup: await editor.page.locator("#cemm-lookup").isVisible(),
        });
        assert.deepEqual(await shown(), { host: true, search: true, account: false, lookup: false });
        await editor.choose(field("access"), "cloud");
        assert.deepEqual(await shown(), { host: false, search: false, account: true, lookup: true });
        await editor.page.evaluate(`$("#node-config-input-account").val("").trigger("change")`);
        await editor.page.getByRole("alert").getByText("Choose an account.").waitFor();
        await editor.choose(field("access"), "auto");
        assert.deepEqual(await shown(), { host: true, search: true, account: true, lookup: true });
      });

      it("show a device's texts as plain text, never as markup", async () => {
        const device = createServer((request, response) => {
          const isInfo = /\/open-api\/v1\/?$/.test(request.url ?? "");
          const meter = { io_id: 1, port: 1, type: MARKUP, port_option: MARKUP, alias: MARKUP };
          const info = { mac: "00:1E:C0:00:00:09", name: MARKUP, version: MARKUP, core: MARKUP };
          response.setHeader("content-type", "application/json");
          response.end(JSON.stringify({ data: isInfo ? info : [meter] }));
        }).listen(0, "127.0.0.1");
        await new Promise((resolve) => device.once("listening", resolve));
        const host = `127.0.0.1:${portOf(device.address())}`;
        try {
          const cemm = {
            uid: "00-1E-C0-00-00-09",
            mac: MARKUP,
            host,
            model: MARKUP,
            core: MARKUP,
            name: MARKUP,
            firmware: MARKUP,
          };
          await editor.page.route("**/cemm/search", (route) =>
            route.fulfill({ json: { cemms: [cemm], tried: [MARKUP], port: 1 } }),
          );
          await editor.edit("house");
          await editor.click(editor.page.locator("#cemm-search"));
          await editor.click(found().getByRole("button", { name: MARKUP }));
          await editor.type(field("name"), MARKUP);
          await editor.click(editor.page.locator("#cemm-test"));
          await result().getByText(MARKUP).first().waitFor();
          assert.equal(await editor.page.locator("#cemm-found img, #cemm-result img").count(), 0);
          await editor.done();
          await editor.edit("live");
          await editor.page.locator(".red-ui-typedInput-option-expand:visible").first().click();
          await editor.page.locator(".cemm-alias b", { hasText: MARKUP }).waitFor();
          assert.equal(await editor.page.locator(".red-ui-autoComplete-container img").count(), 0);
          assert.notEqual(await editor.page.title(), "1");
        } finally {
          device.close();
        }
      });
    });
  });

  describe("of the flow nodes", () => {
    before(() => openAll());

    const text = async (id: string): Promise<string> => (await editor.page.locator(id).textContent()) ?? "";
    const setTime = async (name: string, type: string, value = ""): Promise<void> => {
      await editor.page.evaluate(
        `(() => { $("#node-input-${name}").typedInput("type", "${type}"); $("#node-input-${name}").typedInput("value", "${value}"); })()`,
      );
    };

    it("say which periods will be requested", async () => {
      await editor.edit("past");
      await editor.page
        .locator("#cemm-preview", { hasText: /^Asks for: 2026-01 to \d{4}-\d\d, \d+ months, one message each\.$/ })
        .waitFor();
      await editor.page.evaluate(`$("#node-input-period").typedInput("value", "day")`);
      await setTime("time", "str", "2026-03-01");
      await setTime("to", "str", "2026-03-31");
      assert.equal(await text("#cemm-preview"), "Asks for: 2026-03-01 to 2026-03-31, 31 days, one message each.");
      await setTime("to", "str", "2026-02-01");
      assert.match(await text("#cemm-preview"), /ends before it begins/);
      await setTime("to", "str", "2099-01-01");
      assert.match(await text("#cemm-preview"), /too many/);
      await setTime("to", "none");
      assert.equal(await text("#cemm-preview"), "Asks for: 2026-03-01.");
      await setTime("time", "now");
      assert.match(await text("#cemm-preview"), /^Asks for: \d{4}-\d\d-\d\d, today\.$/);
      await setTime("time", "previous");
      assert.match(await text("#cemm-preview"), /, yesterday\.$/);
      await setTime("time", "ago", "1");
      assert.match(await text("#cemm-preview"), /, yesterday\.$/);
      await setTime("time", "msg", "when");
      assert.equal(await text("#cemm-preview"), "Asks for: the day of msg.when.");
      assert.equal(await field("deliver").isVisible(), false);
    });

    it("accept a date from the browser's calendar", async () => {
      await editor.edit("past");
      const container = editor.page.locator("#node-input-time + .red-ui-typedInput-container");
      await container.locator(".red-ui-typedInput-option-expand").click();
      // Does what the browser's own calendar does when a month is picked.
      await container.locator(".cemm-picker").evaluate((picker: HTMLInputElement) => {
        picker.value = "2025-11";
        picker.dispatchEvent(new Event("change", { bubbles: true }));
      });
      assert.equal(await field("time").inputValue(), "2025-11");
      assert.match(await text("#cemm-preview"), /2025-11 to/);
    });

    it("show errors next to the field", async () => {
      await editor.edit("past");
      const alerts = async () => (await editor.page.getByRole("alert").allInnerTexts()).filter((alert) => alert !== "");
      assert.deepEqual(await alerts(), []);
      await setTime("time", "str", "yesterday");
      await setTime("alias", "str", "P1 !");
      assert.deepEqual(await alerts(), [
        "Use only lower-case letters, digits and dashes, as in p1 or p1-gas.",
        "Enter a date such as 2026, 2026-03 or 2026-03-29, or an ISO time.",
      ]);
      const variable = ["$", "{WHEN}"].join("");
      await setTime("time", "str", variable);
      await setTime("alias", "str", variable);
      assert.deepEqual(await alerts(), []);
    });

    it("fold rounding and *only changes*, and show errors in them once unfolded", async () => {
      await editor.edit("live");
      assert.equal(await field("decimals").isVisible(), false);
      await editor.page.locator("details.cemm-more summary").click();
      assert.equal(await field("deadBand").isVisible(), false);
      await field("onlyChanges").check();
      await field("deadBand").fill("much");
      await field("deadBand").blur();
      await editor.page.getByRole("alert").getByText("Enter a number from 0").waitFor();
      await field("deadBand").fill("10");
      await field("decimals").fill("1.5");
      await field("decimals").blur();
      await editor.page.getByRole("alert").getByText("Enter a whole number from 0 to 6.").waitFor();
    });

    for (const { what, values, shown, alert } of [
      {
        what: "unfold to show invalid rounding",
        values: { decimals: "1.5" },
        shown: ["decimals", "onlyChanges"],
        alert: "Enter a whole number from 0 to 6.",
      },
      {
        what: "unfold to show an invalid dead band",
        values: { onlyChanges: true, deadBand: -1 },
        shown: ["decimals", "onlyChanges", "deadBand"],
        alert: `Enter a number from 0 to ${Number.MAX_SAFE_INTEGER}.`,
      },
      { what: "stay folded if an invalid dead band is not used", values: { deadBand: -1 }, shown: [] },
    ]) {
      it(what, async () => {
        const fine = { decimals: "", onlyChanges: false, deadBand: 0 };
        const assign = (to: object) =>
          editor.page.evaluate(`Object.assign(RED.nodes.node("live"), ${JSON.stringify(to)})`);
        await assign(values);
        await editor.edit("live");
        const visible: string[] = [];
        for (const name of Object.keys(fine)) if (await field(name).isVisible()) visible.push(name);
        const alerts = (await editor.page.getByRole("alert").allInnerTexts()).filter((text) => text !== "");
        await editor.cancel();
        const isValid = await editor.page.evaluate(`RED.editor.validateNode(RED.nodes.node("live"))`);
        await assign(fine);
        assert.deepEqual([visible, alerts, isValid], [shown, alert ? [alert] : [], alert === undefined]);
      });
    }

    it("report that the CEMM was removed", async () => {
      assert.match((await editor.node("gone").textContent()) ?? "", /CEMM missing/);
      assert.equal(await editor.page.evaluate(`RED.nodes.node("gone").valid`), false);
      await editor.edit("gone");
      await editor.page.getByRole("alert").getByText("This CEMM was removed. Choose another.").waitFor();
    });

    it("show an example of the payload, and the split option only if it applies", async () => {
      await editor.edit("live");
      const split = editor.page.locator("#node-input-split");
      assert.match(
        await text("#cemm-example"),
        /^\{ value: 193, unit: "W", time: \d{13} \}\ntopic: ".*electric_power"$/,
      );
      await editor.choose(field("format"), "influx");
      assert.match(await text("#cemm-example"), /measurement: "cemm"/);
      assert.equal(await split.isVisible(), false);
    });

    it("warn that past readings need the cloud", async () => {
      await editor.edit("sums");
      assert.match(await text("#cemm-limit"), /whose connection includes the cloud/);
      await editor.choose(field("device"), "cabin");
      assert.equal(await text("#cemm-limit"), "");
    });

    it("show device, meter and payload on the workspace", async () => {
      const shown = (id: string) =>
        editor.page.evaluate(`(() => { const n = RED.nodes.node("${id}"); const d = n._def;
          return [RED.utils.getNodeLabel(n), d.outputLabels.call(n, 0), typeof d.icon === "function" ? d.icon.call(n) : d.icon]; })()`);
      assert.deepEqual(await shown("live"), ["House · mb3", "one measurement per channel", "font-awesome/fa-sun-o"]);
      assert.deepEqual(await shown("past"), ["House · p1 · month", "rows by time", "cemm-history.svg"]);
      assert.deepEqual(await shown("sums"), [
        "House · p1-gas · readings",
        "one value per channel",
        "font-awesome/fa-fire",
      ]);
      assert.deepEqual(await shown("asked"), ["Asked", "InfluxDB points", "cemm-history.svg"]);
    });

    it("show a CEMM's new name", async () => {
      await editor.edit("house");
      await editor.type(field("name"), "Home");
      await editor.done();
      await editor.node("live").getByText("Home").waitFor();
    });

    it("offer the common meters if the CEMM cannot be asked, and say why", async () => {
      const reach = (host?: string, uid?: string) =>
        editor.page.evaluate(`Object.assign(RED.nodes.node("house"), { host: "${host}", uid: "${uid}" })`);
      await reach("127.0.0.1:9", "");
      await editor.edit("live");
      await editor.page.locator(".red-ui-typedInput-option-expand:visible").first().click();
      await editor.page.locator(".cemm-alias", { hasText: "dlms-usb" }).waitFor({ state: "attached" });
      assert.match(await text("#cemm-alias-note"), /Nothing answers there/);
      await reach(lab.simulator.addresses.lan[0], lab.simulator.uids[0]);
    });

    it("complete the alias from the CEMM's own meters, and accept any other", async () => {
      await editor.edit("live");
      const alias = editor.page.locator(".red-ui-typedInput-container:visible input").first();
      await alias.fill("");
      await alias.pressSequentially("gas");
      await editor.page
        .locator(".cemm-alias", { hasText: "p1-gas" })
        .getByText("gas meter, connection 1.1 (port 3)")
        .waitFor();
      await editor.page.keyboard.press("Escape");
      await editor.page.locator(".red-ui-typedInput-option-expand:visible").first().click();
      const aliases = await editor.page.locator(".cemm-alias b").allInnerTexts();
      assert.deepEqual(aliases, ["p1", "p1-gas", "s01", "pulse-3", "mb3", "usage"]);
      await editor.page.locator(".cemm-alias", { hasText: "pulse-3" }).click();
      assert.equal(await editor.page.locator("#node-input-alias").inputValue(), "pulse-3");
      await alias.fill("mb17");
      await editor.page.keyboard.press("Tab");
      await editor.done();
      assert.equal(await editor.page.evaluate(`RED.nodes.node("live").alias`), "mb17");
    });
  });

  describe("in another Node-RED", () => {
    it("work behind a path prefix, with httpAdminRoot", async () => {
      const own = await startNodeRed({ settings: { httpAdminRoot: "/admin" }, flows: flowsOf(lab.simulator) });
      const proxy = await startProxy("/ingress/abc", Number(new URL(own.url).port));
      try {
        await open({}, `${proxy.url}/admin/`);
        await editor.edit("house");
        await editor.click(editor.page.locator("#cemm-test"));
        await result().locator(".cemm-good").waitFor();
      } finally {
        await editor.page.goto("about:blank");
        proxy.close();
        await own.stop();
      }
    });

    it("tell a user with read permission that a test is not allowed", async () => {
      // The hash of "secret".
      const password = "$2b$08$zzqUOjRoy16C91mW8NJof.Uw5AoVMnaAXRU26zLok/an/mVXCagXq";
      const users = [
        { username: "editor", password, permissions: "*" },
        { username: "reader", password, permissions: "read" },
      ];
      const login = { username: "editor", password: "secret" };
      const settings = { adminAuth: { type: "credentials", users } };
      const own = await startNodeRed({ settings, login, flows: flowsOf(lab.simulator) });
      try {
        await open({ login: { username: "reader", password: "secret" } }, own.adminUrl);
        await editor.edit("house");
        await editor.page.locator("#cemm-test").click();
        await result().getByText("You have no permission.").waitFor();
        await open({ login }, own.adminUrl);
        await editor.edit("house");
        await editor.page.locator("#cemm-test").click();
        await result().locator(".cemm-good").waitFor();
      } finally {
        // A page that is open when its Node-RED stops logs an error.
        await editor.page.goto("about:blank");
        await own.stop();
      }
    });
  });
});
