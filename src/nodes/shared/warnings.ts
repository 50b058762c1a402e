import type { Node } from "node-red";
import { type Answer, newestTime, type Suspect } from "../../lib/index.js";
import { KnownFaults } from "./known-faults.js";

/** In ms: of a value from further in the future some clock is wrong. */
const CLOCK_TOLERANCE = 60_000;
const MINUTE = 60_000;

const PROBLEMS: Record<Suspect["problem"], string> = {
  fell: "fell from",
  jumped: "rose faster than a house can use, from",
};

/** Warns of what is wrong with answers: once for each CEMM, meter and channel, until it was good for an hour. */
export class Warnings {
  readonly #faults = new KnownFaults();

  constructor(private readonly node: Node) {}

  /** `cemm`: as log lines call it. */
  check(answer: Answer, cemm: string): void {
    const { uid, host, alias } = answer;
    const id = `${uid ?? host}`;
    this.#checkChannels(answer, `${id} ${alias}`, cemm);
    const newest = newestTime(answer);
    if (newest !== null) this.#checkClock(newest - answer.receivedAt, id, cemm);
  }

  #checkChannels({ alias, unusable, suspects, channels }: Answer, meter: string, cemm: string): void {
    const suspicions = suspects.map(({ channel }) => `suspect ${channel}`);
    const news = this.#faults.update(meter, [...unusable, ...suspicions]);
    if (news.size === 0) return;
    const names = unusable.filter((channel) => news.has(channel)).join(", ");
    if (names !== "") this.node.warn(`${cemm}: the CEMM sent values of "${alias}" that cannot be used: ${names}`);
    for (const { channel, problem, before, now } of suspects) {
      if (!news.has(`suspect ${channel}`)) continue;
      const change = `${before} to ${now} ${channels[channel]?.unit ?? ""}`.trim();
      this.node.warn(
        `${cemm}: ${channel} of "${alias}" ${PROBLEMS[problem]} ${change}. It is passed on, named in msg.cemm.suspect.`,
      );
    }
  }

  /** `ahead`: of this machine's clock, in ms. */
  #checkClock(ahead: number, id: string, cemm: string): void {
    const isWrong = ahead > CLOCK_TOLERANCE;
    if (!this.#faults.update(id, isWrong ? ["clock"] : []).has("clock")) return;
    const minutes = Math.round(ahead / MINUTE);
    this.node.warn(
      `${cemm}: its values are ${minutes} min ahead of this machine's clock. Set the clock that is wrong.`,
    );
  }
}
