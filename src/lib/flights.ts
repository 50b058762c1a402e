import { unlessAborted } from "./deadline.js";

interface Flight<T> {
  answer: Promise<T>;
  askers: number;
  controller: AbortController;
}

/** Who asks for the same thing at the same time shares one piece of work. It ends when the last asker gives up. */
export class Flights<T> {
  readonly #flights = new Map<string, Flight<T>>();

  /** The answer for `key`. Calls `start` only where nobody is asking for it; the signal tells it when to stop. */
  async join(key: string, signal: AbortSignal, start: (signal: AbortSignal) => Promise<T>): Promise<T> {
    signal.throwIfAborted();
    const flight = this.#flights.get(key) ?? this.#launch(key, start);
    flight.askers++;
    try {
      return await unlessAborted(flight.answer, signal);
    } finally {
      flight.askers--;
      if (flight.askers === 0 && this.#flights.get(key) === flight) {
        this.#flights.delete(key);
        flight.controller.abort(signal.reason);
      }
    }
  }

  #launch(key: string, start: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const controller = new AbortController();
    const flight = { answer: start(controller.signal), askers: 0, controller };
    this.#flights.set(key, flight);
    const land = () => {
      if (this.#flights.get(key) === flight) this.#flights.delete(key);
    };
    flight.answer.then(land, land);
    return flight;
  }
}
