/** The broker on its default port, and a subscriber that is not part of this project. */
import { join } from "node:path";
import { z } from "zod";
import { Program } from "../fleet/program.js";
import { canConnect, writeFile } from "../fleet/servers.js";

const HOST = "127.0.0.1";
export const MOSQUITTO_PORT = 1883;

const Line = z.object({ topic: z.string(), payload: z.string(), retain: z.literal([0, 1]) });
export type MqttMessage = z.infer<typeof Line>;

/** Without persistence: it forgets everything when it stops. */
export function startMosquitto(folder: string): Promise<Program> {
  const lines = [`listener ${MOSQUITTO_PORT} ${HOST}`, "allow_anonymous true", "persistence false", "log_dest stderr"];
  return Program.start({
    name: "Mosquitto",
    command: "mosquitto",
    args: ["-c", writeFile(join(folder, "mosquitto.conf"), lines)],
    isReady: () => canConnect(MOSQUITTO_PORT),
  });
}

export class Subscriber {
  private constructor(private readonly program: Program) {}

  static async start(topic: string, options: string[] = []): Promise<Subscriber> {
    // Line-buffered, so that each message arrives immediately.
    const broker = ["-h", HOST, "-p", `${MOSQUITTO_PORT}`];
    const args = ["-oL", "mosquitto_sub", "-d", ...broker, "-t", topic, "-F", "%j", ...options];
    const isReady = (wrote: (line: RegExp) => boolean) => wrote(/^Subscribed/);
    return new Subscriber(await Program.start({ name: `subscriber to ${topic}`, command: "stdbuf", args, isReady }));
  }

  /** The first `count` messages below a topic, once they have arrived. */
  async take(count: number, topic: string, ms: number): Promise<MqttMessage[]> {
    const lines = await this.program.lines.take(count, (line) => messageOf(line)?.topic.startsWith(topic) ?? false, ms);
    return lines.flatMap((line) => messageOf(line) ?? []);
  }

  /** Resolves once this payload has arrived on a topic. */
  async says(topic: string, payload: string, ms = 30_000): Promise<void> {
    await this.program.lines.next((line) => {
      const message = messageOf(line);
      return message?.topic === topic && message.payload === payload;
    }, ms);
  }

  /** The messages so far below a topic. */
  all(topic: string): MqttMessage[] {
    return this.program.lines.all
      .flatMap((line) => messageOf(line) ?? [])
      .filter((each) => each.topic.startsWith(topic));
  }

  /** Forgets the messages so far. */
  clear(): void {
    this.program.lines.clear();
  }

  /** The number of messages so far below a topic. */
  count(topic: string): number {
    return this.all(topic).length;
  }

  stop(): Promise<void> {
    return this.program.stop();
  }
}

/** Its debug output shares the stream with the messages. */
function messageOf(line: string): MqttMessage | undefined {
  return line.startsWith("{") ? Line.parse(JSON.parse(line)) : undefined;
}
