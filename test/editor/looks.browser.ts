/** How the dialogs look: in each language, in the dark theme, and in narrow windows. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Locator } from "playwright-core";
import { z } from "zod";
import { LANGUAGES } from "../support/languages.js";
import { nodeRedVersion } from "../support/node-red-path.js";
import { folderOf } from "../support/package-nodes.js";
import { contrastsBelow } from "./contrast.js";
import type { Editor } from "./editor.js";
import { flowsOf, KEY } from "./flows.js";
import { Lab } from "./lab.js";

const WIDE = { width: 1400, height: 1000 };
const NARROW = { width: 700, height: 700 };
const SLIM = { width: 760, height: 800 };
const IDS = ["account", "cabin", "both", "live", "past", "sums", "find", "rule", "page"];
const PAGE = { id: "page", type: "cemm-page", z: "tab", device: "house", path: "/energy", tariff: { kind: "two" } };

const Labels = z.object({ label: z.record(z.string(), z.unknown()) });

function labelIn(language: string, type: string, label: string): string {
  const file = resolve(__dirname, "../../src/nodes/locales", language, `${folderOf(type)}.json`);
  const text = Labels.parse(JSON.parse(readFileSync(file, "utf8"))).label[label];
  return typeof text === "string" ? text : assert.fail(`${language} ${label}`);
}

describe(`how the dialogs look in Node-RED ${nodeRedVersion}`, function () {
  this.timeout(60_000);
  let lab: Lab;
  let editor: Editor;

  before(async () => {
    lab = await Lab.start({ devices: 2, promise: 100 });
    await lab.nodeRed.deploy([...flowsOf(lab.simulator), { ...PAGE, x: 500, y: 380, wires: [[]] }], {
      account: { apiKey: KEY },
    });
  });
  after(() => lab?.stop());
  afterEach(() => editor.tidy());

  for (const lang of LANGUAGES) {
    describe(`in ${lang}`, () => {
      before(async () => {
        editor = await lab.open({ lang, ...NARROW });
      });

      for (const size of [NARROW, SLIM]) {
        it(`dialogs fit a window of ${size.width} px without cut labels, placeholders or roles`, async () => {
          await editor.page.setViewportSize(size);
          for (const id of ["house", ...IDS]) {
            const dialog = await editor.edit(id);
            const form = dialog.locator("form").first();
            const [end, edge] = [await rightOf(form), await rightOf(dialog)];
            assert(end <= edge, `${id}: ${end} px, of ${edge}`);
            for (const area of [form, dialog.locator(".red-ui-tray-body")]) {
              const wide = await area.evaluate((element) => element.scrollWidth - element.clientWidth);
              assert(wide <= 1, `${id} is ${wide} px too wide`);
            }
            if (id === "page") await dialog.locator("#cemm-meters select").first().waitFor();
            await dialog.locator("details").evaluateAll((all) => {
              for (const folded of all) folded.setAttribute("open", "");
            });
            assert.deepEqual(await form.evaluate(cutTexts), [], id);
            await editor.cancel();
          }
        });
      }

      it("a price field leaves enough room for its label", async () => {
        await editor.page.setViewportSize(WIDE);
        const dialog = await editor.edit("page");
        const fields = dialog.locator("#cemm-prices [data-row]:visible :is(input, select)");
        for (const field of await fields.all()) {
          const box = await field.boundingBox();
          assert(box && box.width < 250, `${box?.width} px`);
        }
      });

      it("the price hint wraps: the dialog has the same width for each kind of contract", async () => {
        await editor.page.setViewportSize(WIDE);
        const widths = [];
        for (const kind of ["hourly", "two"]) {
          await editor.page.evaluate(`RED.nodes.node("page").tariff.kind = "${kind}"`);
          widths.push((await (await editor.edit("page")).boundingBox())?.width);
          await editor.cancel();
        }
        assert.equal(widths[0], widths[1]);
      });

      it("the list of meters is not cut in a window of 400 px", async () => {
        await editor.page.setViewportSize({ width: 400, height: 800 });
        await editor.page.evaluate(`RED.menu.setSelected("menu-item-sidebar", false)`);
        await editor.edit("live");
        await editor.page.locator(".red-ui-typedInput-option-expand:visible").first().click();
        const rows = editor.page.locator(".red-ui-autoComplete-container .cemm-alias");
        await rows.nth(4).waitFor();
        // The list opens with an animation.
        await editor.page.waitForFunction(isListWhole, null, { timeout: 5000 });
        await editor.page.keyboard.press("Escape");
        await editor.tidy();
        await editor.page.evaluate(`RED.menu.setSelected("menu-item-sidebar", true)`);
      });

      it("dialogs show no message keys, and each field has a name", async () => {
        await editor.page.setViewportSize(WIDE);
        const words = [
          labelIn(lang, "cemm-account", "apiKey"),
          labelIn(lang, "cemm-device", "access"),
          labelIn(lang, "cemm-device", "timeout"),
          labelIn(lang, "cemm-realtime", "repeat"),
          labelIn(lang, "cemm-history", "period"),
          labelIn(lang, "cemm-totals", "time"),
          labelIn(lang, "cemm-discover", "broadcast"),
          labelIn(lang, "cemm-trigger", "preset"),
          labelIn(lang, "cemm-page", "path"),
        ];
        for (const [index, id] of IDS.entries()) {
          const dialog = await editor.edit(id);
          const shown = (await dialog.textContent()) ?? "";
          assert.match(shown, new RegExp(words[index] ?? "-"), id);
          assert.doesNotMatch(
            shown,
            /(label|field|format|lookup|hint|status|example|preview|time|wrong|limit|preset|unit|sentence|\bday)\.\w|cemm-(device|trigger):|__\w+__/,
            id,
          );
          const nameless = await dialog
            .locator("form")
            .first()
            .evaluate((form) =>
              [...form.querySelectorAll("input, select, button")]
                .filter(
                  (e) =>
                    e instanceof HTMLInputElement || e instanceof HTMLSelectElement || e instanceof HTMLButtonElement,
                )
                .filter((e) => e.offsetParent !== null && !e.closest("[style*='-2000px']"))
                .filter((e) => !e.labels?.length && !e.getAttribute("aria-label") && !e.textContent?.trim())
                .filter((e) => !e.matches("[id^='node-'][id*='-btn-'], [id*='-lookup-']"))
                .map((e) => e.outerHTML),
            );
          assert.deepEqual(nameless, [], id);
          await editor.cancel();
        }
      });
    });
  }

  it("dialogs have enough contrast in the dark theme", async () => {
    editor = await lab.open({ dark: true });
    await editor.edit("house");
    await editor.page.locator("#cemm-test").click();
    const result = editor.page.locator("#cemm-result");
    await result.locator(".cemm-good").waitFor();
    const tested = await result.evaluate(contrastsBelow);
    await editor.page.locator("#cemm-diagnostics").click();
    await result.locator("textarea").waitFor();
    const contrasts = [...tested, ...(await result.evaluate(contrastsBelow))];
    for (const [what, contrast] of contrasts) assert(contrast >= 3, `${what}: ${contrast}`);
  });
});

/** Runs in the page. */
function isListWhole(): boolean {
  const list = document.querySelector(".red-ui-autoComplete-container")?.getBoundingClientRect();
  const texts = [...document.querySelectorAll(".red-ui-autoComplete-container .cemm-alias span")];
  return texts.every((text) => {
    const { left, right, bottom } = text.getBoundingClientRect();
    return list !== undefined && left >= list.left && right <= list.right && bottom <= list.bottom;
  });
}

/** Runs in the page: labels that overlap their fields, and cut placeholders and meter roles. */
function cutTexts(form: Element): string[] {
  const pen = document.createElement("canvas").getContext("2d");
  const labels = [...form.querySelectorAll<HTMLElement>(".form-row > label")].filter(
    (label) => label.offsetParent && label.scrollWidth > label.clientWidth,
  );
  const isCut = (field: HTMLElement, text: string) => {
    const { font, paddingLeft, paddingRight } = getComputedStyle(field);
    if (!pen || !field.offsetParent) return false;
    pen.font = font;
    const room = field.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight);
    return pen.measureText(text).width > room;
  };
  const inputs = [...form.querySelectorAll("input")].map((input) => ({ field: input, text: input.placeholder }));
  const selects = [...form.querySelectorAll<HTMLSelectElement>("td select")].map((select) => ({
    field: select,
    text: select.selectedOptions[0]?.text ?? "",
  }));
  const cut = [...inputs, ...selects].filter(({ field, text }) => isCut(field, text));
  return [...labels.map((label) => label.textContent ?? ""), ...cut.map(({ text }) => text)];
}

const rightOf = (area: Locator): Promise<number> => area.evaluate((element) => element.getBoundingClientRect().right);
