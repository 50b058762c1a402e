/** Numbered readings like those of a site's Node-RED, published to the site's broker at a constant rate. */
import mqtt, { type MqttClient } from "mqtt";
import { until } from "./fleet.js";

export class Readings {
  /** The readings that the broker has acknowledged. */
  readonly taken = new Set<number>();
  readonly #uid: string;
  readonly #every: number;
  readonly #client: MqttClient;
  #sent = 0;
  #timer: NodeJS.Timeout | undefined;

  /** `every`: ms. */
  constructor(uid: string, every: number, broker: { port: number; password: string }) {
    this.#uid = uid;
    this.#every = every;
    this.#client = mqtt.connect({
      host: "127.0.0.1",
      port: broker.port,
      username: "nodered",
      password: broker.password,
      reconnectPeriod: 100,
    });
    // These tests kill the broker.
    this.#client.on("error", () => {});
    this.#start();
  }

  /** Resolves once this many more have been acknowledged. */
  more(count: number, ms: number): Promise<void> {
    const wanted = this.taken.size + count;
    return until(
      () => `${this.taken.size} of ${wanted} readings are taken`,
      ms,
      () => this.taken.size >= wanted,
    );
  }

  /** Runs `happens` while no reading is sent, once all that were sent are taken. */
  async between(happens: () => Promise<unknown>): Promise<void> {
    await this.#stop();
    await happens();
    this.#start();
  }

  async end(): Promise<void> {
    await this.#stop();
    await this.#client.endAsync();
  }

  async #stop(): Promise<void> {
    clearInterval(this.#timer);
    await until(
      () => `${this.#sent - this.taken.size} readings are not taken`,
      10_000,
      () => this.taken.size === this.#sent,
    );
  }

  #start(): void {
    this.#timer = setInterval(() => this.#send(++this.#sent), this.#every);
  }

  #send(n: number): void {
    const tags = { uid: this.#uid, alias: "p1", kind: "realtime" };
    const point = { measurement: "cemm", tags, fields: { electric_power: n }, timestamp: new Date(n * 1000) };
    this.#client.publish(`cemm/${this.#uid}/p1/realtime`, JSON.stringify([point]), { qos: 1 }, (error) => {
      if (!error) this.taken.add(n);
    });
  }
}
