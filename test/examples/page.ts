/** A page that an example makes, in a real browser. */
import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";

export class DashboardPage {
  readonly #page: Page;
  readonly #errors: string[] = [];

  private constructor(page: Page) {
    this.#page = page;
    page.on("pageerror", ({ message }) => this.#errors.push(message));
    page.on("console", (message) => {
      if (message.type() === "error") this.#errors.push(message.text());
    });
  }

  static async open(browser: Browser, url: string): Promise<DashboardPage> {
    const page = await browser.newPage({ viewport: { width: 1100, height: 800 } });
    await page.route("**/*", (route) =>
      new URL(route.request().url()).hostname === "127.0.0.1" ? route.continue() : route.abort(),
    );
    const opened = new DashboardPage(page);
    await page.goto(url, { waitUntil: "domcontentloaded" });
    return opened;
  }

  /** Resolves once the gauge shows this value. */
  async gaugeShows(value: string): Promise<void> {
    await this.#page.locator(".nrdb-ui-gauge").getByText(value, { exact: true }).waitFor();
  }

  /**
   * Resolves once the chart is drawn with these data, from its text for screen readers; of a long series the first ten.
   */
  async chartShows(data: string): Promise<void> {
    const chart = this.#page.locator(`.nrdb-ui-chart [role=img][aria-label*=${JSON.stringify(data)}]`);
    await chart.locator("canvas").waitFor();
  }

  /** Fails on whatever went wrong in the page since it was opened. */
  async close(): Promise<void> {
    await this.#page.close();
    assert.deepEqual(this.#errors, []);
  }
}
