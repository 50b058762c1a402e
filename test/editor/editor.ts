/** The editor of a real Node-RED in a real browser, operated as a user would. */
import assert from "node:assert/strict";
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from "playwright-core";

const FLAGS = [
  "--headless",
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

export interface EditorOptions {
  /** The browser's language; default en-US. */
  lang?: string;
  dark?: boolean;
  login?: { username: string; password: string };
  width?: number;
  height?: number;
}

export async function startBrowser(): Promise<Browser> {
  const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
  return chromium.launch({ executablePath, headless: true, chromiumSandbox: false, args: FLAGS });
}

export class Editor {
  /** Counts clicks, double clicks, drags, scrolling to a dragged node, and typed texts. */
  actions = 0;
  readonly errors: string[] = [];

  private constructor(
    readonly page: Page,
    private readonly context: BrowserContext,
  ) {
    page.on("pageerror", (error) => this.errors.push(error.message));
    page.on("console", (message) => {
      // Failed requests are logged too; tests that cause one check the response themselves.
      if (message.type() === "error" && !/the server responded with a status/.test(message.text())) {
        this.errors.push(message.text());
      }
    });
  }

  static async open(browser: Browser, url: string, options: EditorOptions = {}): Promise<Editor> {
    const { lang = "en-US", dark = false, login, width = 1400, height = 1000 } = options;
    const context = await browser.newContext({ viewport: { width, height }, locale: lang });
    const theme = dark ? "dark" : "light";
    await context.addInitScript(`if (location.host) localStorage.setItem("view-dark-theme", "${theme}")`);
    // tsx names functions with a helper that the page does not have.
    await context.addInitScript("window.__name = (named) => named");
    await context.route("**/*", (route) =>
      new URL(route.request().url()).hostname === "127.0.0.1" ? route.continue() : route.abort(),
    );
    const editor = new Editor(await context.newPage(), context);
    await editor.page.goto(url, { waitUntil: "domcontentloaded" });
    if (login) await editor.#logIn(login);
    await editor.#ready();
    return editor;
  }

  /** Closes all dialogs. Fails if the page had an error since it was opened. */
  async tidy(): Promise<void> {
    while ((await this.page.locator("#node-config-dialog-cancel, #node-dialog-cancel").count()) > 0)
      await this.cancel();
    assert.deepEqual(this.errors, []);
  }

  async close(): Promise<void> {
    await this.context.close();
    assert.deepEqual(this.errors, []);
  }

  /** Lets the search find a simulator on its own port; an address that the test types is kept. */
  async searchAt(address: string): Promise<void> {
    const [broadcast, port] = address.split(":");
    await this.context.route("**/cemm/search", (route) =>
      route.continue({ postData: JSON.stringify({ broadcast, port, ...route.request().postDataJSON() }) }),
    );
  }

  async doubleClick(target: Locator): Promise<void> {
    this.actions++;
    await target.dblclick();
  }

  /** A node on the workspace. */
  node(id: string): Locator {
    return this.page.locator(`#red-ui-workspace-chart g[id="${id}"]`);
  }

  /** Selects an option of a drop-down. */
  async choose(target: Locator, value: string): Promise<void> {
    this.actions++;
    await target.selectOption(value);
  }

  async click(target: Locator): Promise<void> {
    this.actions++;
    await target.click();
  }

  async type(target: Locator, text: string): Promise<void> {
    this.actions++;
    await target.fill(text);
  }

  async press(key: string): Promise<void> {
    this.actions++;
    await this.page.keyboard.press(key);
  }

  /** Drags a node from the palette to the workspace with the mouse. Resolves with its id. */
  async drag(type: string, x: number, y: number): Promise<string> {
    this.actions++;
    const entry = this.page.locator(`.red-ui-palette-node[data-palette-type="${type}"]`);
    if (!(await isInSight(entry))) this.actions++;
    await entry.scrollIntoViewIfNeeded();
    const from = await entry.boundingBox();
    const chart = await this.page.locator("#red-ui-workspace-chart").boundingBox();
    assert(from && chart);
    await this.page.mouse.move(from.x + 30, from.y + 10);
    await this.page.mouse.down();
    await this.page.mouse.move(chart.x + x, chart.y + y, { steps: 12 });
    await this.page.mouse.up();
    const id = await this.page.evaluate(`RED.nodes.filterNodes({ type: ${JSON.stringify(type)} }).at(-1)?.id`);
    assert(typeof id === "string", `${type} was not dropped`);
    return id;
  }

  /** Drags a wire from a node's output to another's input with the mouse. */
  async wire(from: string, to: string): Promise<void> {
    this.actions++;
    const ends = [
      this.node(from).locator(".red-ui-flow-port-output .red-ui-flow-port").first(),
      this.node(to).locator(".red-ui-flow-port-input .red-ui-flow-port").first(),
    ];
    const [start, end] = await Promise.all(ends.map((port) => port.boundingBox()));
    assert(start && end);
    await this.page.mouse.move(start.x + start.width / 2, start.y + start.height / 2);
    await this.page.mouse.down();
    await this.page.mouse.move(end.x + end.width / 2, end.y + end.height / 2, { steps: 12 });
    await this.page.mouse.up();
  }

  /** Opens a node's dialog, as a double click does. */
  async edit(id: string): Promise<Locator> {
    await this.page.evaluate(
      `(() => { const n = RED.nodes.node(${JSON.stringify(id)});
        if (n._def.category === "config") return RED.editor.editConfig("", n.type, n.id);
        RED.workspaces.show(n.z); RED.editor.edit(n); })()`,
    );
    return this.dialog();
  }

  /** The topmost dialog, once it has stopped moving. */
  async dialog(): Promise<Locator> {
    const tray = this.page.locator("#red-ui-editor-stack .red-ui-tray").last();
    await tray.locator("form").first().waitFor();
    await this.#rest();
    return tray;
  }

  /** Presses the button that closes the topmost dialog: done, add or update. */
  async done(): Promise<void> {
    this.actions++;
    await this.#leave("ok");
  }

  async cancel(): Promise<void> {
    await this.#leave("cancel");
  }

  async deploy(): Promise<void> {
    await this.click(this.page.locator("#red-ui-header-button-deploy"));
    await this.page.locator("#red-ui-header-button-deploy.disabled").waitFor();
  }

  /** The flows as the editor would deploy them. */
  async flows(): Promise<Record<string, unknown>[]> {
    return this.page.evaluate("RED.nodes.createCompleteNodeSet({ credentials: false })");
  }

  /** A config node's dialog covers its flow node's dialog, which then comes back. */
  async #leave(by: "ok" | "cancel"): Promise<void> {
    const config = this.page.locator(`#node-config-dialog-${by}`);
    const button = (await config.count()) > 0 ? config : this.page.locator(`#node-dialog-${by}`);
    await button.click();
    await button.waitFor({ state: "detached" });
    await this.#rest();
  }

  /** Waits until the topmost dialog, if there is one, has slid into place and is drawn. */
  async #rest(): Promise<void> {
    // While it slides in, it has not reached 0 yet; while it slides out, its style is not 0.
    await this.page.waitForFunction(() => {
      const tray = [...document.querySelectorAll<HTMLElement>("#red-ui-editor-stack > .red-ui-tray")].at(-1);
      return !tray || (tray.style.right === "0px" && getComputedStyle(tray).right === "0px");
    });
    await this.page.evaluate(() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done))));
  }

  async #logIn({ username, password }: { username: string; password: string }): Promise<void> {
    await this.page.locator("#node-dialog-login-username").fill(username);
    await this.page.locator("#node-dialog-login-password").fill(password);
    await this.page.keyboard.press("Enter");
  }

  async #ready(): Promise<void> {
    await this.page.waitForFunction(
      `window.RED?.nodes?.registry?.getNodeList?.().length > 0 && document.querySelector(".red-ui-palette-node")
        && !document.querySelector('#red-ui-loading-progress:not([style*="none"])')`,
      null,
      { timeout: 40_000 },
    );
  }
}

/** Whether it is visible without scrolling. */
function isInSight(target: Locator): Promise<boolean> {
  return target.evaluate((element) => {
    const { left, top, width, height } = element.getBoundingClientRect();
    return element.contains(document.elementFromPoint(left + width / 2, top + height / 2));
  });
}
