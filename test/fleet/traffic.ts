/** What goes over the broker, as a subscriber that is not of this project sees it. */
import { execFileSync } from "node:child_process";
import { Program } from "./program.js";
import { type Broker, clientOptions } from "./servers.js";

export interface Event {
  /** Epoch ms. */
  time: number;
  kind: "job" | "done" | "failed";
  /** Of a job: who got it. */
  worker?: string;
  job: string;
}

const LINE = /^(\d+\.\d+) cemm\/(job|done|failed)(?:\/(\S+))? (\S+)$/;

export class Traffic {
  readonly program: Program;
  readonly #broker: Broker;
  readonly #events: Event[] = [];
  #read = 0;

  private constructor(program: Program, broker: Broker) {
    this.program = program;
    this.#broker = broker;
  }

  static async start(broker: Broker): Promise<Traffic> {
    const topics = ["cemm/job/+", "cemm/done", "cemm/failed"].flatMap((topic) => ["-t", topic]);
    // A session that lasts: it sees all, even if the broker was away. Its lines must come as it writes them.
    const session = ["-i", "traffic", "-c", "-x", "3600", "-d"];
    const args = ["-oL", "mosquitto_sub", ...clientOptions(broker, "watcher"), ...session, ...topics, "-F", "%U %t %D"];
    const isReady = (wrote: (line: RegExp) => boolean) => wrote(/^Subscribed/);
    return new Traffic(await Program.start({ name: "traffic", command: "stdbuf", args, isReady }), broker);
  }

  order(jobs: readonly string[]): void {
    execFileSync("mosquitto_pub", [...clientOptions(this.#broker, "planner"), "-t", "cemm/order", "-s"], {
      input: JSON.stringify(jobs),
    });
  }

  /** All that was sent so far, in order. */
  events(): readonly Event[] {
    const lines = this.program.lines.all;
    for (; this.#read < lines.length; this.#read++) {
      const [, seconds, kind, worker, job = ""] = LINE.exec(lines[this.#read] ?? "") ?? [];
      if (kind !== "job" && kind !== "done" && kind !== "failed") continue;
      this.#events.push({ time: Number(seconds) * 1000, kind, job, ...(worker && { worker }) });
    }
    return this.#events;
  }

  /** How many different jobs were ticked off. */
  done(): number {
    return new Set(this.events().flatMap(({ kind, job }) => (kind === "done" ? [job] : []))).size;
  }

  /** What was sent though it had been sent before. */
  repeated(): Event[] {
    return repeatedOf(this.events());
  }
}

export function repeatedOf(events: readonly Event[]): Event[] {
  const seen = new Set<string>();
  return events.filter(({ kind, job }) => kind === "job" && (seen.has(job) || !seen.add(job)));
}
