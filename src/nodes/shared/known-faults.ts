import { RecentMap } from "../../lib/index.js";

/** In ms: so long a thing must be good before its next fault is news. */
const GOOD_FOR = 3_600_000;
/** That have faults; the one that was reported longest ago is forgotten first. */
const MAX_SUBJECTS = 1000;

const NONE: ReadonlySet<string> = new Set();

/** Which faults were reported, so that each is reported once, and again only after it was good for an hour. */
export class KnownFaults {
  /** By subject and fault: since when it is good again, undefined while it lasts. */
  readonly #subjects = new RecentMap<Map<string, number | undefined>>(MAX_SUBJECTS);

  /** Takes the faults that `subject` has now; returns those that are news. */
  update(subject: string, faults: readonly string[], now = performance.now()): ReadonlySet<string> {
    if (faults.length === 0 && !this.#subjects.has(subject)) return NONE;
    const known = this.#subjects.get(subject) ?? new Map<string, number | undefined>();
    this.#subjects.set(subject, known);
    for (const [fault, goodSince] of known) {
      if (goodSince !== undefined && now - goodSince >= GOOD_FOR) known.delete(fault);
      else if (!faults.includes(fault)) known.set(fault, goodSince ?? now);
    }
    const news = new Set(faults.filter((fault) => !known.has(fault)));
    for (const fault of faults) known.set(fault, undefined);
    return news;
  }
}
