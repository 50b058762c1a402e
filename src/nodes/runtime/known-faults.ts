/** In ms: so long a thing must be good before its next fault is news. */
const GOOD_FOR = 3_600_000;
/** That have faults; the one that was reported longest ago is forgotten first. */
const MAX_SUBJECTS = 1000;

/** Which faults were reported, so that each is reported once, and again only after it was good for an hour. */
export class KnownFaults {
  /** By subject and fault: since when it is good again, undefined while it lasts. */
  readonly #subjects = new Map<string, Map<string, number | undefined>>();

  /** Takes the faults that `subject` has now; returns those that are news. */
  update(subject: string, faults: readonly string[], now = performance.now()): Set<string> {
    const known = this.#subjects.get(subject) ?? new Map<string, number | undefined>();
    if (faults.length === 0 && known.size === 0) return new Set();
    this.#remember(subject, known);
    for (const [fault, goodSince] of known) {
      if (goodSince !== undefined && now - goodSince >= GOOD_FOR) known.delete(fault);
      else if (!faults.includes(fault)) known.set(fault, goodSince ?? now);
    }
    const news = new Set(faults.filter((fault) => !known.has(fault)));
    for (const fault of faults) known.set(fault, undefined);
    return news;
  }

  #remember(subject: string, known: Map<string, number | undefined>): void {
    this.#subjects.delete(subject);
    this.#subjects.set(subject, known);
    const [oldest] = this.#subjects.keys();
    if (oldest !== undefined && this.#subjects.size > MAX_SUBJECTS) this.#subjects.delete(oldest);
  }
}
