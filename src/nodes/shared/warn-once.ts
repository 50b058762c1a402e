import { RecentMap } from "../../lib/internal.js";

/** Quiet time before the same fault is reported again, in ms. */
const QUIET_TIME = 3_600_000;
/** That have faults; the one that was reported longest ago is forgotten first. */
const MAX_SUBJECTS = 1000;
/** Of one subject; more are not reported. */
const MAX_FAULTS = 200;

const NONE: ReadonlySet<string> = new Set();

/** Which faults were reported, so that each is reported once, and again only after it was good for an hour. */
export class WarnOnce {
  /** By subject and fault: since when it is good again, undefined while it lasts. */
  readonly #subjects = new RecentMap<Map<string, number | undefined>>(MAX_SUBJECTS);

  /** Takes the faults that `subject` has now; returns those to report. */
  update(subject: string, faults: readonly string[], now = performance.now()): ReadonlySet<string> {
    if (faults.length === 0 && !this.#subjects.has(subject)) return NONE;
    const known = this.#subjects.get(subject) ?? new Map<string, number | undefined>();
    this.#subjects.set(subject, known);
    for (const [fault, goodSince] of known) {
      if (goodSince !== undefined && now - goodSince >= QUIET_TIME) known.delete(fault);
      else if (!faults.includes(fault)) known.set(fault, goodSince ?? now);
    }
    const news = new Set(faults.filter((fault) => !known.has(fault)).slice(0, MAX_FAULTS - known.size));
    for (const fault of faults) if (known.has(fault) || news.has(fault)) known.set(fault, undefined);
    return news;
  }
}
