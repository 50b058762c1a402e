/** A node's page: the data of its house, the reader that asks the CEMM, and the browsers that listen. */
import { join } from "node:path";
import type { Node, NodeAPI, NodeMessage } from "node-red";
import { type CemmClient, type DayFigures, nameOf, type RouteName, readPrices } from "../../lib/internal.js";
import { asText, deviceOf, firstRoute } from "../shared/config-nodes.js";
import { LifeCycle, type Send } from "../shared/life-cycle.js";
import { minInterval } from "../shared/poller.js";
import { intervalOf, startPoller } from "../shared/polling.js";
import { StatusLine } from "../shared/status.js";
import { DayBook } from "./day-book.js";
import { HouseBook } from "./house-book.js";
import { HouseReader } from "./house-reader.js";
import { LineFile } from "./line-file.js";
import { Listeners } from "./listeners.js";
import { type PageDef, settingsOf } from "./page-def.js";
import { pageServer } from "./page-server.js";
import type { Page } from "./pages.js";
import { PriceBook } from "./price-book.js";

const DEFAULT_INTERVAL = 10_000;
/** A meter counts as silent after this many intervals without an answer. */
const PATIENCE = 2.5;

export class EnergyPage implements Page {
  readonly serve: Page["serve"];
  readonly #status: StatusLine;
  readonly #life: LifeCycle;
  readonly #client: CemmClient;
  readonly #interval: number;
  readonly #files: Record<"days" | "prices", LineFile>;
  readonly #days: DayBook;
  readonly #prices: PriceBook;
  readonly #book: HouseBook;
  readonly #reader: HouseReader;
  readonly #listeners = new Listeners();

  /** @throws CemmError `CEMM_CONFIG` */
  constructor(
    private readonly RED: NodeAPI,
    private readonly node: Node,
    private readonly config: PageDef,
  ) {
    const device = deviceOf(RED, config.device, `The cemm-page node "${config.name || config.id}"`);
    const { overrides, tariff } = settingsOf(config);
    this.#client = device.client();
    const { timezone } = this.#client;
    const min = minInterval(firstRoute(RED, config.device));
    this.#interval = intervalOf(node, nameOf(device), config.repeat, min) ?? Math.max(DEFAULT_INTERVAL, min);
    this.#files = { days: this.#file("days"), prices: this.#file("prices") };
    this.#days = new DayBook(this.#files.days, timezone);
    this.#prices = new PriceBook(this.#files.prices);
    const patience = PATIENCE * this.#interval;
    // Not its address or MAC address, since people without access to the editor may see the page.
    const name = asText(device.name) || "CEMM";
    this.#book = new HouseBook({ name, timezone, tariff, patience, days: this.#days, prices: this.#prices });
    this.#reader = new HouseReader({
      client: this.#client,
      book: this.#book,
      days: this.#days,
      overrides,
      onLive: () => {
        // A new day, the first export or a silent meter shows in live values first.
        this.#houseChanged();
        this.#listeners.send("live", () => this.#book.live());
      },
      onHouse: () => this.#houseChanged(),
      onDay: (date, isWhole) => this.#dayChanged(date, isWhole),
    });
    this.serve = pageServer(this.#book, this.#listeners, (error) => node.error(error));
    this.#status = new StatusLine(RED, node);
    const onMessage = (msg: NodeMessage, send: Send) => this.#take(msg, send);
    this.#life = new LifeCycle(node, this.#status, { onMessage, onClose: () => this.#close() });
  }

  start(): void {
    this.#status.asking();
    this.#run().catch((error) => {
      if (!this.#life.isClosed) this.node.error(this.#life.failed(error));
    });
  }

  wait(): void {
    this.#status.taken();
  }

  /** Deletes the stored files of a deleted node. */
  async forget(): Promise<void> {
    await Promise.all([this.#files.days.remove(), this.#files.prices.remove()]);
  }

  async #run(): Promise<void> {
    const { closing } = this.#life;
    await Promise.all([this.#days.load(), this.#prices.load()]);
    if (closing.aborted) return;
    this.#reader.begin();
    const route = firstRoute(this.RED, this.config.device);
    const pace = { interval: this.#interval, route, topic: () => this.#topic() };
    startPoller(this.RED, this.node, this.config.device, { poll: () => this.#poll(closing), closing }, pace);
    await this.#reader.fill(closing);
  }

  async #poll(signal: AbortSignal): Promise<RouteName> {
    try {
      const route = await this.#reader.poll({ signal });
      this.#status.reading(this.#book.statusReading());
      return route;
    } catch (error) {
      throw signal.aborted ? error : this.#life.failed(error);
    }
  }

  /** `prices` are stored; any other message is answered with today's figures so far. */
  async #take(msg: NodeMessage, send: Send): Promise<void> {
    if (msg.topic !== "prices") return send({ ...msg, ...this.#message(this.#book.figuresOfToday()) });
    this.#prices.add(readPrices(msg.payload, this.#client.timezone));
    this.#book.changed();
    this.#dayChanged("", false);
  }

  #houseChanged(): void {
    this.#listeners.sendChange("house", () => this.#book.house());
  }

  /** `date`: blank for all days. */
  #dayChanged(date: string, isWhole: boolean): void {
    this.#listeners.send("day", () => ({ date }));
    if (!isWhole) return;
    const figures = date === this.#book.yesterday ? this.#book.figures(date) : undefined;
    if (figures) this.node.send({ _msgid: this.RED.util.generateId(), ...this.#message(figures) });
  }

  #message(payload: DayFigures): Pick<NodeMessage, "topic" | "payload"> {
    return { topic: this.#topic(), payload };
  }

  #topic(): string {
    const { uid, host } = this.#client;
    return `cemm/${uid ?? host ?? "cemm"}/energy/day`;
  }

  async #close(): Promise<void> {
    this.#listeners.close();
    await Promise.all([this.#files.days.written(), this.#files.prices.written()]);
  }

  /** In the user directory; without one nothing is stored. */
  #file(what: "days" | "prices"): LineFile {
    const { userDir } = this.RED.settings;
    const path = userDir ? join(userDir, "cemm-page", `${this.node.id}-${what}.jsonl`) : undefined;
    return new LineFile(path, (error) => this.node.warn(`The page's ${what} could not be stored in ${path}: ${error}`));
  }
}
