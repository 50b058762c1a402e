/** The page of *The energy page*, in a real browser, by what a person sees and presses. */
import assert from "node:assert/strict";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { contrastsBelow } from "../editor/contrast.js";
import { unreadable } from "./clipped.js";

export interface EnergyPageOptions {
  width?: number;
  language?: string;
  scheme?: "light" | "dark";
}

const PATIENCE = { timeout: 20_000 };

export class EnergyPage {
  readonly #errors: string[] = [];

  private constructor(
    readonly page: Page,
    private readonly context: BrowserContext,
  ) {
    page.on("pageerror", ({ message }) => this.#errors.push(message));
    page.on("console", (message) => {
      if (message.type() === "error") this.#errors.push(message.text());
    });
  }

  /** Resolves once it shows the power, and a day with all its meters. */
  static async open(browser: Browser, url: string, options: EnergyPageOptions = {}): Promise<EnergyPage> {
    const opened = await EnergyPage.openSilent(browser, url, options);
    await opened.page.locator(".energy-state.good").waitFor(PATIENCE);
    await opened.settled();
    return opened;
  }

  /** For a CEMM that may not answer. */
  static async openSilent(browser: Browser, url: string, options: EnergyPageOptions = {}): Promise<EnergyPage> {
    const { width = 1100, language = "en-US", scheme = "light" } = options;
    const context = await browser.newContext({
      viewport: { width, height: 900 },
      locale: language,
      colorScheme: scheme,
    });
    // tsx names functions by a helper that the page has not.
    await context.addInitScript("window.__name = (named) => named");
    const opened = new EnergyPage(await context.newPage(), context);
    await context.route("**/*", (route) => {
      const { hostname, href } = new URL(route.request().url());
      if (hostname === "127.0.0.1") return route.continue();
      opened.#errors.push(`It asks ${href}`);
      return route.abort();
    });
    await opened.page.goto(`${url}/dashboard/energy`, { waitUntil: "domcontentloaded" });
    return opened;
  }

  /** Resolves once nothing has changed for a while and all days are added up. */
  async settled(): Promise<void> {
    const read = () => this.page.locator(".energy-nav, .energy-sums, .energy-readings").allInnerTexts();
    await this.page.locator(".energy-readings dd").first().waitFor(PATIENCE);
    for (let before = await read(), same = 0; same < 4; ) {
      await this.page.waitForTimeout(150);
      const now = await read();
      const isBusy = (await this.page.locator(".energy-progress").count()) > 0;
      same = !isBusy && now.join() === before.join() ? same + 1 : 0;
      before = now;
    }
  }

  async text(selector: string): Promise<string> {
    const [text = ""] = await this.texts(selector);
    return text;
  }

  /** `Used` and what stands behind it. */
  async rows(card: "now" | "readings"): Promise<Record<string, string>> {
    const [names, values] = await Promise.all(["dt", "dd"].map((tag) => this.texts(`.energy-${card} ${tag}`)));
    return Object.fromEntries((names ?? []).map((name, n) => [name, values?.[n] ?? ""]));
  }

  /** `Used`, now and before. */
  async sums(): Promise<Record<string, string[]>> {
    const rows = await this.page.locator(".energy-sums tbody tr").all();
    const cells = await Promise.all(rows.map((row) => row.locator("th, td").allInnerTexts()));
    return Object.fromEntries(cells.map(([name = "", ...values]) => [name, values]));
  }

  texts(selector: string): Promise<string[]> {
    return this.page.locator(selector).allInnerTexts();
  }

  async press(button: Locator): Promise<void> {
    await button.click();
    await this.settled();
  }

  view(name: string): Promise<void> {
    return this.press(this.page.locator(".energy-views").getByText(name, { exact: true }));
  }

  earlier(): Promise<void> {
    return this.press(this.page.locator(".energy-step").first());
  }

  later(): Locator {
    return this.page.locator(".energy-step").last();
  }

  /** What it says where somebody points at a chart, at a share of its width. */
  async read(chart: "hour" | "period" | "gas" | "water", share: number): Promise<string[]> {
    const plot = this.page.locator(`.energy-${chart} .energy-plot`);
    await plot.scrollIntoViewIfNeeded();
    const box = await plot.boundingBox();
    assert(box);
    await this.page.mouse.move(box.x + share * box.width, box.y + box.height / 2);
    return this.texts(`.energy-${chart} .energy-read div`);
  }

  /** How many points a line has. */
  async points(chart: "hour" | "period", line: "grid" | "sun" | "before"): Promise<number> {
    const path = await this.page.locator(`.energy-${chart} path.line.${line}`).getAttribute("d");
    return (path ?? "").split("L").length;
  }

  unreadable(): Promise<string[]> {
    return this.page.locator(".nrdb-ui-page").evaluate(unreadable);
  }

  /** The texts that are hard to see, by WCAG's AA; what is disabled need not be. */
  async faint(): Promise<[string, number][]> {
    const contrasts = await this.page.locator(".nrdb-ui-page").evaluate(contrastsBelow);
    return contrasts.filter(([text, contrast]) => contrast < 4.5 && text.trim() !== "›");
  }

  /** Fails on whatever went wrong in the page since it was opened. */
  async close(): Promise<void> {
    await this.context.close();
    assert.deepEqual(this.#errors, []);
  }
}
