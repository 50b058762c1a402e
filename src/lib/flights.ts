import { unlessAborted } from "./deadline.js";

/** Who waits for an answer. `onPromise` is told when it takes longer, because the CEMM has to be asked first. */
export interface Asker {
  signal: AbortSignal;
  onPromise?: (() => void) | undefined;
}

/** Work that answers all its askers. `promised` tells them that it takes longer. */
type Work<T> = (signal: AbortSignal, promised: () => void) => Promise<T>;

interface Flight<T> {
  answer: Promise<T>;
  askers: Set<Asker>;
  controller: AbortController;
}

/** Who asks for the same thing at the same time shares one piece of work. It ends when the last asker gives up. */
export class Flights<T> {
  readonly #flights = new Map<string, Flight<T>>();

  /** The answer for `key`. Calls `start` only where nobody is asking for it; the signal tells it when to stop. */
  async join(key: string, { signal, onPromise }: Asker, start: Work<T>): Promise<T> {
    signal.throwIfAborted();
    const flight = this.#flights.get(key) ?? this.#launch(key, start);
    const asker = { signal, onPromise };
    flight.askers.add(asker);
    try {
      return await unlessAborted(flight.answer, signal);
    } finally {
      flight.askers.delete(asker);
      if (flight.askers.size === 0 && this.#flights.get(key) === flight) {
        this.#flights.delete(key);
        flight.controller.abort(signal.reason);
      }
    }
  }

  #launch(key: string, start: Work<T>): Flight<T> {
    const controller = new AbortController();
    const askers = new Set<Asker>();
    const promised = () => {
      for (const { onPromise } of askers) onPromise?.();
    };
    const flight = { answer: start(controller.signal, promised), askers, controller };
    this.#flights.set(key, flight);
    const land = () => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    };
    flight.answer.then(land, land);
    return flight;
  }
}
