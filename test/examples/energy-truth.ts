/** What a simulated CEMM measured, asked of it without any of this package's client. Energy in kWh, gas and water in m³. */
import assert from "node:assert/strict";
import { z } from "zod";
import type { Simulator } from "../../src/simulator/simulator.js";

const Pairs = z.array(z.tuple([z.number(), z.number().nullable()]));
const History = z.object({ data: z.record(z.string(), Pairs) });
const Readings = z.object({ data: z.record(z.string(), z.tuple([z.number(), z.number()])) });

export interface Energy {
  used: number;
  fed: number;
}

export class Truth {
  constructor(private readonly simulator: Simulator) {}

  /** What the meters show, or what is measured now. */
  async live(alias: string, of: "data" | "totals"): Promise<Record<string, number>> {
    const answer = z.record(z.string(), z.unknown()).parse(await this.#lan(`${alias}/realtime/`));
    const { data } = Readings.parse({ data: answer[of] });
    return Object.fromEntries(Object.entries(data).map(([name, [, value]]) => [name, value]));
  }

  /** A day's samples added up, positive and negative ones apart. */
  async day(alias: string, channel: string, date: string): Promise<Energy> {
    const values = (await this.#samples(`${alias}/data/day/`, `${date}T12:00Z`, channel)).map(
      ([, value]) => value ?? 0,
    );
    const sum = (sign: number) => values.reduce((sum, value) => sum + Math.max(0, sign * value), 0);
    return { used: sum(1), fed: sum(-1) };
  }

  /** The sum of a month's days. */
  async month(alias: string, channels: string[], month: string): Promise<number> {
    const path = `${alias}/data/month/`;
    const samples = await Promise.all(channels.map((channel) => this.#samples(path, `${month}-15T12:00Z`, channel)));
    return samples.flat().reduce((sum, [, value]) => sum + (value ?? 0), 0);
  }

  /** From what the smart meter showed at the end of one day to the end of another. */
  async between(first: string, last: string): Promise<Energy> {
    const [before, after] = await Promise.all([first, last].map((date) => this.#readings(date)));
    const gone = (...names: string[]) =>
      names.reduce((sum, name) => sum + (after?.[name] ?? Number.NaN) - (before?.[name] ?? 0), 0);
    return { used: gone("t1", "t2"), fed: gone("t3", "t4") };
  }

  async #readings(date: string): Promise<Record<string, number>> {
    const { addresses, uids, apiKey } = this.simulator;
    const time = Date.parse(`${date}T12:00Z`) / 1000;
    const url = `${addresses.cloud}cemm/${uids[0]}/p1/totals/?api_key=${apiKey}&time=${time}`;
    const { data } = Readings.parse(await ask(url));
    return Object.fromEntries(Object.entries(data).map(([name, [, value]]) => [name, value]));
  }

  async #samples(path: string, at: string, channel: string): Promise<z.infer<typeof Pairs>> {
    const { data } = History.parse(await this.#lan(`${path}?time=${Date.parse(at) / 1000}`));
    return data[channel] ?? assert.fail(`${path} has no ${channel}`);
  }

  #lan(path: string): Promise<unknown> {
    return ask(`http://${this.simulator.addresses.lan[0]}/open-api/v1/${path}`);
  }
}

async function ask(url: string): Promise<unknown> {
  const response = await fetch(url);
  assert.equal(response.status, 200, url);
  return response.json();
}
