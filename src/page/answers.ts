/** Requests of the page to the node. Addresses are relative, so that any root and any proxy works. */
import { useEffect, useRef, useState } from "preact/hooks";

export interface Answer<T> {
  /** The answer at the path, or at the previous one while the new one loads. */
  data?: T;
  isLoading: boolean;
  /** The error: an HTTP status, or `offline`. */
  error?: string;
  /** Asks again, soon. */
  reload(): void;
}

/** Shortest time between two requests of the same path, ms. */
const PAUSE = 3000;

/** The answer at `path` (undefined: no request), requested again when `version` changes. */
export function useAnswer<T>(path: string | undefined, version: number): Answer<T> {
  const [answer, setAnswer] = useState<Omit<Answer<T>, "reload">>({ isLoading: true });
  const loader = useRef<Loader<T>>(undefined);
  const reload = () => loader.current?.ask();
  useEffect(() => {
    if (path === undefined) return;
    setAnswer(({ data }) => ({ ...(data && { data }), isLoading: true }));
    const mine = new Loader<T>(
      path,
      (data) => setAnswer({ data, isLoading: false }),
      (error) => setAnswer(({ data }) => ({ ...(data && { data }), isLoading: false, error })),
    );
    loader.current = mine;
    mine.ask();
    return () => mine.stop();
  }, [path]);
  useEffect(reload, [version]);
  return { ...answer, reload };
}

/** One request at a time, rate-limited. */
class Loader<T> {
  readonly #abort = new AbortController();
  #asked = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isBusy = false;
  #isWanted = false;

  constructor(
    private readonly path: string,
    private readonly onData: (data: T) => void,
    private readonly onError: (error: string) => void,
  ) {}

  ask(): void {
    if (this.#abort.signal.aborted) return;
    this.#isWanted = true;
    if (this.#isBusy || this.#timer !== undefined) return;
    this.#timer = setTimeout(() => void this.#run(), Math.max(0, this.#asked + PAUSE - Date.now()));
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#abort.abort();
  }

  async #run(): Promise<void> {
    this.#timer = undefined;
    this.#isBusy = true;
    this.#isWanted = false;
    this.#asked = Date.now();
    try {
      this.onData(await getJson<T>(this.path, this.#abort.signal));
    } catch (error) {
      if (!this.#abort.signal.aborted) this.onError(error instanceof HttpError ? error.message : "offline");
    }
    this.#isBusy = false;
    if (this.#isWanted) this.ask();
  }
}

/** Its message is the status. */
class HttpError extends Error {}

async function getJson<T>(path: string, signal: AbortSignal): Promise<T> {
  const response = await fetch(path, { signal, headers: { accept: "application/json" } });
  if (!response.ok) throw new HttpError(String(response.status));
  return response.json();
}
