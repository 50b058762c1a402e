/** A fake of EnergyZero's price feed, with numbers as strings and more than the requested day, as EnergyZero sends them. */
import { once } from "node:events";
import { createServer } from "node:http";
import { z } from "zod";
import type { Flow } from "./workbench.js";

const QUARTER = 900_000;
const Address = z.object({ port: z.number() });

/** What it answers instead of prices; `empty`: a day without prices yet. */
export type Failure = "none" | "empty" | "not found" | "broken" | "not JSON";

export class EnergyZero {
  failure: Failure = "none";
  /** `DD-MM-YYYY` of each day that was requested. */
  readonly asked: string[] = [];
  readonly #server = createServer(({ url = "/" }, response) => {
    const { status, body } = this.#answer(new URL(url, "http://feed"));
    response.writeHead(status, { "content-type": "application/json" }).end(body);
  });

  /** `priceAt`: euro per kWh, without taxes, of the quarter-hour that starts then. */
  private constructor(private readonly priceAt: (time: number) => number) {}

  static async start(priceAt: (time: number) => number): Promise<EnergyZero> {
    const feed = new EnergyZero(priceAt);
    feed.#server.listen(0, "127.0.0.1");
    await once(feed.#server, "listening");
    return feed;
  }

  async stop(): Promise<void> {
    this.#server.close();
    this.#server.closeAllConnections();
    await once(this.#server, "close");
  }

  /** A copy of the example that asks this server. */
  asking(flow: Flow): Flow {
    const { port } = Address.parse(this.#server.address());
    const text = JSON.stringify(flow).replaceAll("https://public.api.energyzero.nl", `http://127.0.0.1:${port}`);
    return JSON.parse(text);
  }

  #answer({ pathname, searchParams }: URL): { status: number; body: string } {
    const isPrices = pathname === "/public/v1/prices" && searchParams.get("energyType") === "ENERGY_TYPE_ELECTRICITY";
    const [, day, month, year] = /^(\d\d)-(\d\d)-(\d{4})$/.exec(searchParams.get("date") ?? "") ?? [];
    if (!isPrices || !day || searchParams.get("interval") !== "INTERVAL_QUARTER")
      return { status: 400, body: JSON.stringify({ code: 3, message: "invalid request", details: [] }) };
    this.asked.push(`${day}-${month}-${year}`);
    if (this.failure === "not found")
      return { status: 404, body: JSON.stringify({ code: 5, message: "", details: [] }) };
    if (this.failure === "broken") return { status: 503, body: "" };
    if (this.failure === "not JSON") return { status: 200, body: "<html>" };
    // From an hour before the day to two hours after it, also when the clocks change.
    const start = Date.parse(`${year}-${month}-${day}T00:00Z`) - 3 * 3_600_000;
    const base = Array.from({ length: 29 * 4 }, (_, n) => this.#entry(start + n * QUARTER));
    const range = { start: base[0]?.start, end: base.at(-1)?.end };
    return { status: 200, body: JSON.stringify({ interval: 1, range, base: this.failure === "empty" ? [] : base }) };
  }

  #entry(time: number) {
    const iso = (at: number) => new Date(at).toISOString().replace(".000", "");
    return { start: iso(time), end: iso(time + QUARTER), price: { value: this.priceAt(time).toFixed(5) } };
  }
}
