/** The page in a real browser, with example answers; houses.browser.ts and node.browser.ts test it with simulated CEMMs. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { Locator, Page } from "playwright-core";
import { contrastsBelow } from "../editor/contrast.js";
import { HOUSES, NOW, problem, stale } from "./houses.js";
import { PageWindow } from "./page-window.js";
import type { Answers } from "./stand-in.js";

const MIN_CONTRAST = 4.5;
const MIN_TARGET = 44;
const WIDTHS = [390, 768, 1600];

const houseCalled = (name: string): Answers => HOUSES[name] ?? assert.fail(name);
const full = houseCalled("a house with every kind of meter");

describe("the page", function () {
  this.timeout(60_000);
  let window: PageWindow;
  let page: Page;

  before(async () => {
    window = await PageWindow.start();
  });
  after(() => window?.stop());
  afterEach(() => window.assertFine());

  async function open(...what: Parameters<PageWindow["open"]>): Promise<void> {
    await window.open(...what);
    page = window.page;
  }
  const settled = () => window.settled();
  const textOf = (what: Locator) => window.textOf(what);
  const text = () => window.text();
  const picture = (name: string) => window.picture(name);

  describe("its figures", () => {
    for (const [name, answers] of Object.entries(HOUSES)) {
      it(`match the meters of ${name}`, async () => {
        await open(answers);
        await picture(name);
        const shown = await text();
        await window.assertSound();
        const { has } = answers.house;
        assert.equal(await page.locator(".period-figures .solar").count(), has.solar ? 1 : 0, "solar");
        assert.equal(await page.locator(".period-figures .sold").count(), has.sold ? 1 : 0, "sold");
        assert.equal(await page.locator(".period-figures .gas").count(), has.gas ? 1 : 0, "gas");
        assert.equal(await page.locator(".period-figures .water").count(), has.water ? 1 : 0, "water");
        const isSilent = [...answers.house.problems, ...answers.live.problems].some(({ code }) => /SILENT/.test(code));
        if (!isSilent) assert.doesNotMatch(shown, /not answer|no answer/);
      });
    }
  });

  describe("its texts", () => {
    it("say since when and why a CEMM has not answered", async () => {
      await open(houseCalled("a house that stopped answering"));
      assert.match(await text(), /My CEMM has not answered since 16:12: it cannot be reached on the network\./);
      assert.equal((await textOf(page.locator(".power .bought .big"))).trim(), "–");
    });

    it("do not report a missing meter as one that does not answer", async () => {
      await open(houseCalled("a house with a meter that does not exist"));
      const shown = await text();
      assert.match(shown, /Home has no meter s03/);
      assert.doesNotMatch(shown, /answer/);
    });

    it("explain a negative consumption", async () => {
      await open(houseCalled("a house with a missing solar meter"));
      assert.match(await text(), /A solar meter is missing, or a meter has the wrong role/);
    });

    it("mark an old value with its time, and replace it by the next one", async () => {
      await open(full);
      const before = structuredClone(full);
      window.server.show({ ...before, live: { ...before.live, bought: stale(640), sold: null } });
      await page.locator(".power .bought.stale").waitFor();
      assert.match(await textOf(page.locator(".power .bought")), /640 W\s*last seen 16:12/);
      window.server.show(before);
      await page.locator(".power .bought.fresh").waitFor();
      assert.match(await textOf(page.locator(".power .bought")), /193 W/);
    });

    it("report a lost connection, with the last values in grey until it is back", async () => {
      await open(full);
      const grey = () => page.locator(".now.old").count();
      assert.equal(await grey(), 0);
      window.server.drop();
      await page.getByText("No connection to Node-RED. Trying again.").waitFor();
      assert.equal(await grey(), 1);
      await page.locator(".status.live").waitFor();
      assert.equal(await grey(), 0);
    });

    it("show unfinished figures in grey, with the progress", async () => {
      await open(full, { hash: "#2026" });
      const grey = await page
        .locator(".period-figures .value")
        .first()
        .evaluate((value) => getComputedStyle(value).color);
      assert.equal(grey, await page.locator(".progress").evaluate((progress) => getComputedStyle(progress).color));
      assert.match(await text(), /Adding up past days: 201 of 332/);
    });

    it("name the first register normal tariff for a Belgian meter, and low tariff for a Dutch one", async () => {
      const rows = page.locator(".readings .rows dt");
      await open(houseCalled("a Belgian house"));
      assert.equal(await textOf(rows.first()), "Import, normal tariff");
      await open(full);
      assert.equal(await textOf(rows.first()), "Import, low tariff");
    });

    it("show names as plain text", async () => {
      const name = "<img src=x onerror=alert(1)>";
      const meters = full.house.meters.map((meter) => ({ ...meter, name }));
      await open({
        ...full,
        house: { ...full.house, name, meters, problems: [problem("STALE", { meter: "p1", since: NOW })] },
      });
      assert.equal(await textOf(page.locator("h1")), name);
      assert.equal(await page.locator("img").count(), 0);
    });
  });

  describe("its looks", () => {
    for (const [lang, words] of Object.entries({
      en: /Sold/,
      "nl-BE": /Teruggeleverd/,
      "de-AT": /Eingespeist/,
      fr: /Sold/,
    }))
      it(`fit every width in ${lang}`, async () => {
        await open(full, { lang, dark: lang === "nl-BE" });
        assert.match(await text(), words);
        for (const width of WIDTHS) {
          await page.setViewportSize({ width, height: 900 });
          const wide = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
          assert(wide <= 0, `${lang}, ${width} px: ${wide} px too wide`);
          await picture(`${lang} ${width}`);
        }
      });

    for (const dark of [false, true])
      it(`have enough contrast in the ${dark ? "dark" : "light"} theme`, async () => {
        await open(houseCalled("a Belgian house"), { dark, hash: "#2026" });
        await page.locator("summary").click();
        for (const [what, contrast] of await page.locator("body").evaluate(contrastsBelow))
          assert(contrast >= MIN_CONTRAST, `${what}: ${contrast.toFixed(2)}`);
      });

    it("have controls that are large enough for a finger", async () => {
      await open(full, { width: 390, hash: "#2026-11" });
      for (const target of await page.locator("nav a, nav button, nav select, summary").all()) {
        const box = await target.boundingBox();
        assert(box && box.width >= MIN_TARGET && box.height >= MIN_TARGET, await textOf(target));
      }
    });

    it("are light and without controls in print", async () => {
      await open(full, { dark: true });
      await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
      await page.emulateMedia({ media: "print" });
      const background = () => page.evaluate(() => getComputedStyle(document.body).backgroundColor);
      assert.equal(await background(), "rgb(255, 255, 255)");
      assert.equal(await page.locator("nav").isVisible(), false);
      await picture("print");
      await page.emulateMedia({ media: "screen" });
      await page.evaluate(() => dispatchEvent(new Event("afterprint")));
      assert.notEqual(await background(), "rgb(255, 255, 255)");
    });
  });

  describe("its navigation", () => {
    it("goes from year to month to day by the bars, and back with the browser's button", async () => {
      await open(full, { hash: "#2026" });
      await pressBar(10, 12);
      await page.locator("h2", { hasText: "November 2026" }).waitFor();
      await pressBar(26, 30);
      await page.waitForURL(/#2026-11-27$/);
      await page.goBack();
      await page.waitForURL(/#2026-11$/);
      await page.goBack();
      await page.locator("h2", { hasText: /^2026$/ }).waitFor();
    });

    it("goes to another day by arrows, date and keys, but not beyond today", async () => {
      await open(full);
      const next = page.getByRole("link", { name: /^Next/ });
      assert.equal(await next.count(), 0);
      await page.getByRole("link", { name: /^Previous/ }).click();
      await page.waitForURL(/#2026-11-27$/);
      await page.locator("input[type=date]").fill("2026-02-28");
      await page.waitForURL(/#2026-02-28$/);
      await settled();
      await page.locator("h1").click();
      await page.keyboard.press("ArrowLeft");
      await page.waitForURL(/#2026-11-27$/);
      await page.getByRole("link", { name: "Today" }).click();
      await page.waitForURL(/#2026-11-28$/);
      await next.waitFor({ state: "detached" });
    });

    it("reaches every control with only the keyboard, and opens from the table what a bar opens", async () => {
      await open(full, { hash: "#2026" });
      for (const control of await page.locator("nav a, nav button, nav select, summary").all()) {
        await page.keyboard.press("Tab");
        assert.ok(await control.evaluate((each) => each === document.activeElement), await textOf(control));
      }
      // The last one unfolds the table.
      await page.keyboard.press("Enter");
      await page.keyboard.press("Tab");
      await page.keyboard.press("Enter");
      await page.waitForURL(/#2026-\d\d$/);
    });

    it("shows today if the address has no valid date", async () => {
      await open(full, { hash: "#2026-02-31" });
      assert.equal(await textOf(page.locator("h2").first()), "Saturday, 28 November 2026");
    });

    /** Clicks the middle of a bar in the period's first chart. */
    async function pressBar(index: number, count: number): Promise<void> {
      const chart = page.locator(".period .chart").first();
      await chart.locator("canvas").waitFor();
      const box = (await chart.boundingBox()) ?? assert.fail();
      // The axis takes some of the width on the left.
      const [left, right] = [64, 12];
      const x = left + ((box.width - left - right) * (index + 0.5)) / count;
      await chart.click({ position: { x, y: box.height / 2 } });
    }
  });

  describe("its data", () => {
    const saved = async () => {
      const download = page.waitForEvent("download");
      await page.locator(".export").click();
      const file = await download;
      return { name: file.suggestedFilename(), text: readFileSync(await file.path(), "utf8") };
    };

    it("can be exported in the format of the reader's language", async () => {
      await open(full, { lang: "nl", hash: "#2026-11" });
      const dutch = await saved();
      assert.equal(dutch.name, "My-CEMM-2026-11.csv");
      assert.match(dutch.text, /^\uFEFFDag;Afgenomen \(kWh\);Teruggeleverd \(kWh\);Zon \(kWh\);/);
      assert.match(dutch.text, /\r\n2026-11-27;\d+,\d+;/);
      await open(full, { hash: "#2026-11" });
      assert.match((await saved()).text, /\r\n2026-11-27,\d+\.\d+,/);
    });

    it("are described in words for each chart, and listed in a table", async () => {
      await open(full, { hash: "#2026-11" });
      const labels = await page
        .getByRole("img")
        .evaluateAll((charts) => charts.map((chart) => chart.getAttribute("aria-label")));
      assert.equal(labels.length, 5);
      assert.match(labels[1] ?? "", /^November 2026: bought 118 kWh, sold 295 kWh/);
      await page.locator("summary").click();
      assert.equal(await page.locator("tbody tr").count(), 28);
      assert.match(await textOf(page.locator("tfoot")), /117\.73\s*295\.19/);
    });

    it("are shown for the bar under the mouse", async () => {
      await open(full);
      const chart = page.locator(".period .chart").first();
      await chart.locator("canvas").waitFor();
      await chart.hover();
      assert.match(await textOf(page.locator(".period .tip").first()), /^\d\d:\d\d(Bought0 W)?Sold[\d,]+ W/);
    });
  });
});
