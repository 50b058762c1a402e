/** The cloud asks a CEMM before it can answer: it gives a promise, and repeating the request gets the answer. */
import { hexDigits, noise, seedOf } from "./random.js";

/** How long a promise's id is valid. See "API Promise" of the vendor's page. */
const PROMISE_EXPIRES_MS = 10_000;

/** How long a fetched answer is served: enough for a client's second poll. The vendor's page does not say. */
const FRESH_MS = 2_000;

interface Asked {
  id: string;
  /** When the CEMM has answered, and until when that answer is kept. */
  readyAt: number;
  keptUntil: number;
  wasFetched: boolean;
}

/** The id of a promise, or the moment at which the CEMM answered. */
type PromiseState = { promise: string } | { answeredAt: number };

export class Promises {
  private readonly asked = new Map<string, Asked>();
  private count = 0;

  /** `share` of the requests get a promise, which takes `delay` ms; the others are answered immediately. */
  constructor(
    private readonly delay: number,
    private readonly share: number,
    private readonly seed: string,
  ) {}

  ask(request: string, now: number): PromiseState {
    if (this.delay === 0) return { answeredAt: now };
    const asked = this.current(request, now);
    if (now < asked.readyAt) return { promise: asked.id };
    if (!asked.wasFetched) {
      asked.wasFetched = true;
      asked.keptUntil = now + FRESH_MS;
    }
    return { answeredAt: asked.readyAt };
  }

  private current(request: string, now: number): Asked {
    for (const [key, { keptUntil }] of this.asked) if (now >= keptUntil) this.asked.delete(key);
    const known = this.asked.get(request);
    if (known) return known;
    const seed = seedOf(this.seed, "promise", this.count++);
    const id = hexDigits(seed, 32).toLowerCase();
    const readyAt = noise(seed, 0) < this.share ? now + this.delay : now;
    const asked = { id, readyAt, keptUntil: now + PROMISE_EXPIRES_MS, wasFetched: false };
    this.asked.set(request, asked);
    return asked;
  }
}
