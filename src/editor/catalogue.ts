/** The texts that the dialogs share, in the editor's language. A missing key is a compile error. */
import type shared from "../nodes/locales/en-US/device.json";

const CATALOGUE = "node-red-contrib-cemm/cemm-device:";

/** The paths of all texts below `T`, such as `wrong.account.none`. */
export type Paths<T> = {
  [K in keyof T & string]: T[K] extends string ? K : `${K}.${Paths<T[K]>}`;
}[keyof T & string];

export type Key = Paths<typeof shared>;
/** The texts of one part of the catalogue, by their names in it. */
export type KeyIn<Part extends keyof typeof shared> = Paths<(typeof shared)[Part]>;

type Insertions = Record<string, unknown>;
/** The texts of a catalogue, by their paths in it. */
export const textsOf =
  <K extends string>(catalogue: string) =>
  (key: K, values?: Insertions): string =>
    RED._(catalogue + key, values);

export const t = textsOf<Key>(CATALOGUE);

/** The text for a name known only at run time; undefined if there is none. */
export function textAt(part: keyof typeof shared, name: string): string | undefined {
  const key = `${CATALOGUE}${part}.${name}`;
  const text = RED._(key);
  return text === key || text === `${part}.${name}` ? undefined : text;
}
