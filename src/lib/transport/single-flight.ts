import { Control } from "./cancel-token.js";
import { unlessAborted } from "./deadline.js";

/** Who waits for an answer. `onPromise` is told when it takes longer, because the CEMM has to be asked first. */
export interface Asker {
  /** Each of them ends the waiting. */
  signals: readonly AbortSignal[];
  onPromise?: (() => void) | undefined;
}

/** Work that answers all its askers. `control` is aborted when nobody waits any more; `promised` tells them it takes longer. */
type Work<T> = (control: Control, promised: () => void) => Promise<T>;

interface Flight<T> {
  answer: Promise<T>;
  askers: Set<Asker>;
  control: Control;
}

/** Who asks for the same thing at the same time shares one piece of work. It ends when the last asker gives up. */
export class Flights<T> {
  readonly #flights = new Map<string, Flight<T>>();

  /** The answer for `key`. Calls `start` only where nobody is asking for it. */
  async join(key: string, asker: Asker, start: Work<T>): Promise<T> {
    for (const signal of asker.signals) signal.throwIfAborted();
    const flight = this.#flights.get(key) ?? this.#launch(key, start);
    flight.askers.add(asker);
    try {
      return await unlessAborted(flight.answer, asker.signals);
    } finally {
      flight.askers.delete(asker);
      if (flight.askers.size === 0 && this.#flights.get(key) === flight) {
        this.#flights.delete(key);
        flight.control.abort();
      }
    }
  }

  #launch(key: string, start: Work<T>): Flight<T> {
    const control = new Control();
    const askers = new Set<Asker>();
    const promised = () => {
      for (const { onPromise } of askers) onPromise?.();
    };
    const flight = { answer: start(control, promised), askers, control };
    this.#flights.set(key, flight);
    const land = () => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    };
    flight.answer.then(land, land);
    return flight;
  }
}
