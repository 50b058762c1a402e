/** The node's context, in the store that the user chose. One key for all meters, since a uid is not a valid key. */
const KEY = "meters";
/** Time limit of a store, ms. */
const TIMEOUT = 10_000;

/** The part of a node that concerns its store. */
export interface KeepingNode {
  context(): { get(key: string, done: Callback): void; set(key: string, value: unknown, done: Callback): void };
  warn(text: string): void;
}

type Callback = (error?: unknown, value?: unknown) => void;

/** Rejects if the store throws, fails or does not answer. With a callback, because some stores have nothing else. */
export function read(node: KeepingNode): Promise<unknown> {
  return answered((done) => node.context().get(KEY, done));
}

/** Rejects like {@link read}. */
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
