/** The broker on its usual port, and a subscriber that is not of this project. */
import { once } from "node:events";
import { connect } from "node:net";
import { z } from "zod";
import { type Server, Service, startServer } from "./service.js";

const HOST = "127.0.0.1";
const PORT = 1883;

const Line = z.object({ topic: z.string(), payload: z.string(), retain: z.literal([0, 1]) });
export type MqttMessage = z.infer<typeof Line>;

export function startMosquitto(): Promise<Server> {
  const config = () => `listener ${PORT} ${HOST}\nallow_anonymous true\npersistence false\nlog_dest stderr\n`;
  return startServer({ program: "mosquitto", option: "-c", config, isReady: canConnect });
}

async function canConnect(): Promise<boolean> {
  const socket = connect(PORT, HOST);
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

export class Subscriber {
  readonly #service: Service;

  private constructor(topic: string, options: string[]) {
    // Its lines must come as it writes them, not by the block.
    const args = ["-oL", "mosquitto_sub", "-d", "-h", HOST, "-p", `${PORT}`, "-t", topic, "-F", "%j", ...options];
    this.#service = new Service("stdbuf", args);
  }

  static async start(topic: string, options: string[] = []): Promise<Subscriber> {
    const subscriber = new Subscriber(topic, options);
    await subscriber.#service.lines.next((line) => line.startsWith("Subscribed"));
    return subscriber;
  }

  /** The first `count` messages below a topic, once they came. */
  async take(count: number, topic: string, ms: number): Promise<MqttMessage[]> {
    const lines = await this.#service.lines.take(
      count,
      (line) => messageOf(line)?.topic.startsWith(topic) ?? false,
      ms,
    );
    return lines.flatMap((line) => messageOf(line) ?? []);
  }

  /** Resolves once that came on a topic. */
  async says(topic: string, payload: string, ms = 30_000): Promise<void> {
    await this.#service.lines.next((line) => {
      const message = messageOf(line);
      return message?.topic === topic && message.payload === payload;
    }, ms);
  }

  /** What came so far below a topic. */
  all(topic: string): MqttMessage[] {
    return this.#service.lines.all
      .flatMap((line) => messageOf(line) ?? [])
      .filter((each) => each.topic.startsWith(topic));
  }

  /** What comes from now on counts. */
  clear(): void {
    this.#service.lines.clear();
  }

  /** How many messages came so far below a topic. */
  count(topic: string): number {
    return this.all(topic).length;
  }

  stop(): Promise<void> {
    return this.#service.stop();
  }
}

/** Its debug output shares the stream with the messages. */
function messageOf(line: string): MqttMessage | undefined {
  return line.startsWith("{") ? Line.parse(JSON.parse(line)) : undefined;
}
