import type { Node } from "node-red";
import { type Answer, type Findings, isOfNow, MeterWatch, newestTime, type Suspect } from "../../lib/internal.js";
import type { MeterRef } from "./device-field.js";
import { WarnOnce } from "./warn-once.js";

const MINUTE = 60_000;
/** A recorded sample further in the future means a wrong clock; in ms. */
const CLOCK_TOLERANCE = 5 * MINUTE;

const PROBLEMS: Record<Suspect["problem"], string> = {
  fell: "fell from",
  jumped: "rose faster than a house can use, from",
};

/** Compares a node's answers with earlier ones: marks stale and suspect values, and warns once of each fault. */
export class AnswerCheck {
  readonly #watch = new MeterWatch();
  readonly #faults = new WarnOnce();

  constructor(private readonly node: Node) {}

  check(answer: Answer, meter: MeterRef): void {
    const cemm = `${answer.uid ?? answer.host}`;
    const findings = isOfNow(answer)
      ? this.#watch.mark(answer)
      : { clockAhead: recordedAhead(answer), newCounters: [] };
    this.#reportChannels(answer, `${cemm} ${answer.alias}`, meter.label);
    this.#reportNewCounters(answer, findings, meter.label);
    this.#reportClock(findings.clockAhead, cemm, meter);
  }

  #reportChannels({ alias, unusable, badNames, suspects, channels }: Answer, meter: string, label: string): void {
    const faults = [...unusable, ...suspects.map(suspicion), ...(badNames.length > 0 ? ["bad names"] : [])];
    const news = this.#faults.update(meter, faults);
    if (news.size === 0) return;
    const names = unusable.filter((channel) => news.has(channel)).join(", ");
    if (names !== "") this.node.warn(`${label}: the CEMM sent values of "${alias}" that cannot be used: ${names}`);
    if (news.has("bad names")) {
      const [first, ...more] = badNames;
      const others = more.length > 0 ? ` and ${more.length} more` : "";
      this.node.warn(
        `${label}: "${alias}" has a channel with a name that cannot be used: "${first}"${others}. It is left out.`,
      );
    }
    for (const suspect of suspects) {
      if (!news.has(suspicion(suspect))) continue;
      const { channel, problem, before, now } = suspect;
      const change = `${before} to ${now} ${channels[channel]?.unit ?? ""}`.trim();
      this.node.warn(
        `${label}: ${channel} of "${alias}" ${PROBLEMS[problem]} ${change}. It is passed on, named in msg.cemm.suspect.`,
      );
    }
  }

  #reportNewCounters({ alias, channels }: Answer, { newCounters }: Findings, label: string): void {
    for (const { channel, before, now } of newCounters) {
      const change = `${now} ${channels[channel]?.unit ?? ""}, after ${before}`;
      this.node.log(
        `${label}: ${channel} of "${alias}" is taken as a new counter (${change}); was the meter replaced?`,
      );
    }
  }

  /** `ahead`: of this machine's clock, in ms; 0: the clocks agree; undefined: unknown. */
  #reportClock(ahead: number | undefined, cemm: string, { clockWarnings, label }: MeterRef): void {
    if (ahead === undefined || !clockWarnings.update(cemm, ahead === 0 ? [] : ["clock"]).has("clock")) return;
    const minutes = Math.round(Math.abs(ahead) / MINUTE);
    const side = ahead > 0 ? "ahead of" : "behind";
    this.node.warn(`${label}: its clock is ${minutes} min ${side} this machine's. Set the clock that is wrong.`);
  }
}

const suspicion = ({ channel }: Suspect): string => `suspect ${channel}`;

function recordedAhead(answer: Answer): number | undefined {
  const ahead = (newestTime(answer) ?? 0) - answer.receivedAt;
  return ahead > CLOCK_TOLERANCE ? ahead : undefined;
}
