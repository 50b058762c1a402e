/** A browser that shows the page with given answers. */
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import type { Browser, BrowserContext, Locator, Page } from "playwright-core";
import { startBrowser } from "../editor/editor.js";
import { type Answers, answersOf, type StandIn, startStandIn } from "./stand-in.js";

/** The folder for screenshots, if they are wanted. */
const PICTURES = process.env.CEMM_PICTURES;

interface Look {
  lang?: string;
  dark?: boolean;
  width?: number;
  hash?: string;
}

export class PageWindow {
  readonly #errors: string[] = [];
  #context: BrowserContext | undefined;
  #language = "";
  #page: Page | undefined;

  private constructor(
    private readonly browser: Browser,
    readonly server: StandIn,
  ) {}

  static async start(): Promise<PageWindow> {
    return new PageWindow(...(await Promise.all([startBrowser(), startStandIn(answersOf("default"))])));
  }

  async stop(): Promise<void> {
    await this.browser.close();
    await this.server.stop();
  }

  get page(): Page {
    return this.#page ?? assert.fail("nothing is open");
  }

  /** Opens the page, in the current window if that has the right language. */
  async open(answers: Answers, { lang = "en-GB", dark = false, width = 1280, hash = "" }: Look = {}): Promise<void> {
    if (this.#language !== lang) await this.#openWindow(lang);
    this.server.show(answers);
    await this.page.emulateMedia({ colorScheme: dark ? "dark" : "light" });
    await this.page.setViewportSize({ width, height: 900 });
    // Changing only the hash would not reload the page.
    await this.page.goto("about:blank");
    await this.page.goto(this.server.url + hash);
    await this.settled();
  }

  settled(): Promise<void> {
    return this.page.locator(".period[aria-busy=false] .card").first().waitFor();
  }

  async textOf(what: Locator): Promise<string> {
    return (await what.textContent()) ?? "";
  }

  text(): Promise<string> {
    return this.textOf(this.page.locator("body"));
  }

  async picture(name: string): Promise<void> {
    if (!PICTURES) return;
    await this.page.waitForFunction(() =>
      [...document.querySelectorAll(".chart")].every((chart) => chart.querySelector("canvas")),
    );
    mkdirSync(PICTURES, { recursive: true });
    await this.page.screenshot({ path: join(PICTURES, `${name.replace(/\W+/g, "-")}.png`), fullPage: true });
  }

  /** Holds for every house: no NaN, no key instead of a text, no text outside an element. */
  async assertSound(): Promise<void> {
    const stray = await this.page
      .locator("#page, .cards, .period")
      .evaluateAll((places) =>
        places.flatMap((place) =>
          [...place.childNodes].filter(({ nodeType }) => nodeType === 3).map((node) => node.textContent),
        ),
      );
    assert.deepEqual(stray, []);
    assert.doesNotMatch(await this.text(), /NaN|undefined|null|Infinity|\{\w+\}|−0\.00/);
  }

  /** Violations of the page's content security policy are console errors too. */
  assertFine(): void {
    assert.deepEqual(this.#errors.splice(0), []);
  }

  async #openWindow(lang: string): Promise<void> {
    await this.#context?.close();
    this.#context = await this.browser.newContext({ locale: lang });
    // tsx names functions with a helper that the page does not have.
    await this.#context.addInitScript("window.__name = (named) => named");
    this.#page = await this.#context.newPage();
    this.#page.on("pageerror", (error) => this.#errors.push(error.message));
    this.#page.on("console", (message) => message.type() === "error" && this.#errors.push(message.text()));
    this.#language = lang;
  }
}
