/** An example's dashboard page in a real browser. */
import assert from "node:assert/strict";
import type { Browser, Page } from "playwright-core";
import { z } from "zod";

/** The series of a chart that are not empty. Runs in the page, see {@link showCharts}. */
export const SERIES = `(Object.values(window.uiCharts ?? {})[0]?.chart.getOption().series ?? [])
  .map(({ name, type, stack = null, data }) => ({ name, type, stack, data: data.filter(([, value]) => value !== null) }))
  .filter(({ data }) => data.length > 0)`;

export const Series = z.array(
  z.object({
    name: z.string(),
    type: z.string(),
    /** Series with the same one are drawn on top of each other. */
    stack: z.string().nullable(),
    data: z.array(z.tuple([z.number(), z.number().nullable()])),
  }),
);

/** The dashboard's hook for tests: it puts its charts where {@link SERIES} finds them. */
export async function showCharts(page: Page): Promise<void> {
  await page.addInitScript("window.Cypress = true");
}

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
    await showCharts(page);
    const opened = new DashboardPage(page);
    await page.goto(url, { waitUntil: "domcontentloaded" });
    return opened;
  }

  /** Resolves once the gauge shows this value. */
  async gaugeShows(value: string): Promise<void> {
    await this.#page.locator(".nrdb-ui-gauge").getByText(value, { exact: true }).waitFor();
  }

  /**
   * Resolves once the chart's text for screen readers contains these data; of a long series it has the first ten.
   */
  async chartShows(data: string): Promise<void> {
    const chart = this.#page.locator(`.nrdb-ui-chart [role=img][aria-label*=${JSON.stringify(data)}]`);
    await chart.locator("canvas").waitFor();
  }

  /** The chart's series, once there are any. */
  async chartSeries(): Promise<z.infer<typeof Series>> {
    await this.#page.waitForFunction(`${SERIES}.length > 0`);
    return Series.parse(await this.#page.evaluate(SERIES));
  }

  /** Fails if the page had an error since it was opened. */
  async close(): Promise<void> {
    await this.#page.close();
    assert.deepEqual(this.#errors, []);
  }
}
