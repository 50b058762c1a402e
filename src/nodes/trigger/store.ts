/** The node's context as a trigger uses it: one key, in whatever store the user chose. */
/** A uid would not do as a name there. */
const KEY = "meters";
/** A store that has not answered by then has failed, ms. */
const TIMEOUT = 10_000;

/** A node, as far as its store is concerned. */
export interface KeepingNode {
  context(): { get(key: string, done: Callback): void; set(key: string, value: unknown, done: Callback): void };
  warn(text: string): void;
}

type Callback = (error?: unknown, value?: unknown) => void;

/** Rejects where the store throws, fails or does not answer. Asynchronous: some stores have no other way. */
export function read(node: KeepingNode): Promise<unknown> {
  return answered((done) => node.context().get(KEY, done));
}

/** As {@link read}. */
export async function write(node: KeepingNode, value: object): Promise<void> {
  await answered((done) => node.context().set(KEY, value, done));
}

function answered(ask: (done: Callback) => void): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error("the context store does not answer")), TIMEOUT).unref();
    ask((error, value) => {
      clearTimeout(timer);
      if (error) reject(error);
      else resolve(value);
    });
  });
}
