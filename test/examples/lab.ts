/**
 * What the examples talk to: two simulated CEMMs, a real broker, a real database, a real browser, and a Node-RED. The
 * examples use their default ports, so these must be free: 8080 to 8082, 9777, 1883 and 8086.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { type Simulator, startSimulator } from "../../src/simulator/simulator.js";
import { startBrowser } from "../editor/editor.js";
import type { Program } from "../fleet/program.js";
import { canConnect, startInfluxdb } from "../fleet/servers.js";
import { INFLUXDB_PORT } from "./influxdb.js";
import { MOSQUITTO_PORT, Subscriber, startMosquitto } from "./mosquitto.js";
import { type Proxied, startProxy } from "./proxy.js";
import { Workbench } from "./workbench.js";

const startHouses = (): Promise<Simulator> => startSimulator({ devices: 2 });

type Close = () => Promise<void>;

export class Lab {
  /** Stops each part, the newest first. */
  readonly #closes: Close[] = [];
  #houses: Simulator;

  private constructor(
    houses: Simulator,
    readonly broker: Program,
    readonly influxdb: Program,
    readonly browser: Browser,
    readonly bench: Workbench,
    closes: Close[],
  ) {
    this.#houses = houses;
    this.#closes = [...closes, () => this.#houses.close()];
  }

  static async start(): Promise<Lab> {
    const closes: Close[] = [];
    const keep = <T extends { stop: Close }>(part: T): T => {
      closes.unshift(() => part.stop());
      return part;
    };
    try {
      const folder = mkdtempSync(join(tmpdir(), "cemm-examples-"));
      closes.push(async () => rmSync(folder, { recursive: true, force: true }));
      for (const port of [MOSQUITTO_PORT, INFLUXDB_PORT])
        if (await canConnect(port)) throw new Error(`Port ${port} is taken; stop what listens there.`);
      const broker = keep(await startMosquitto(folder));
      const influxdb = keep(await startInfluxdb(join(folder, "influxdb"), INFLUXDB_PORT, false));
      const bench = keep(await Workbench.start());
      const browser = await startBrowser();
      closes.unshift(() => browser.close());
      return new Lab(await startHouses(), broker, influxdb, browser, bench, closes);
    } catch (error) {
      for (const close of closes) await close();
      throw error;
    }
  }

  async stop(): Promise<void> {
    for (const close of this.#closes) await close();
  }

  get uids(): readonly string[] {
    return this.#houses.uids;
  }

  /** `127.0.0.1:8080`, one for each CEMM. */
  get hosts(): readonly string[] {
    return this.#houses.addresses.lan;
  }

  async subscribe(topic: string, options?: string[]): Promise<Subscriber> {
    const subscriber = await Subscriber.start(topic, options);
    this.#closes.unshift(() => subscriber.stop());
    return subscriber;
  }

  /** Takes the CEMMs off the network during `run`. */
  async withoutCemms(run: () => Promise<void>): Promise<void> {
    await this.#houses.close();
    try {
      await run();
    } finally {
      this.#houses = await startHouses();
    }
  }

  /** `answer` replies in place of the first CEMM during `run`. */
  async withProxy(answer: Proxied, run: () => Promise<void>): Promise<void> {
    await this.withoutCemms(async () => {
      const behind = await startSimulator({ lanPort: 0, cloudPort: 0, udpPort: 0 });
      const [host = ""] = behind.addresses.lan;
      const proxy = await startProxy(host, answer);
      try {
        await run();
      } finally {
        await proxy.stop();
        await behind.close();
      }
    });
  }
}
