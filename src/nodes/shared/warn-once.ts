import { RecentMap } from "../../lib/internal.js";

/** Quiet time before the same fault is reported again, in ms. */
const QUIET_TIME = 3_600_000;
/** Maximum number of subjects with faults; the least recently reported is dropped first. */
const MAX_SUBJECTS = 1000;
/** Maximum number of faults of one subject. */
const MAX_FAULTS = 200;

const NONE: ReadonlySet<string> = new Set();

/** Reports each fault once, and again only after an hour without it. */
export class WarnOnce {
  /** By subject and fault: since when it is resolved, undefined while it lasts. */
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
