/** The dialogs' texts, in the editor's language. A key that the catalogue does not have does not compile. */
import type shared from "../nodes/locales/en-US/cemm-device.json";
import type trigger from "../nodes/locales/en-US/cemm-trigger.json";

const PACKAGE = "node-red-contrib-cemm/";
const SHARED = "cemm-device";

/** The paths of all texts below `T`, such as `wrong.account.none`. */
type Paths<T> = {
  [K in keyof T & string]: T[K] extends string ? K : `${K}.${Paths<T[K]>}`;
}[keyof T & string];

export type Key = Paths<typeof shared>;
/** The texts of one part of the catalogue, by their names in it. */
export type KeyIn<Part extends keyof typeof shared> = Paths<(typeof shared)[Part]>;

type Insertions = Record<string, unknown>;
const textsOf =
  <K extends string>(catalogue: string) =>
  (key: K, values?: Insertions): string =>
    RED._(`${PACKAGE}${catalogue}:${key}`, values);

/** Of the catalogue that the dialogs share. */
export const t = textsOf<Key>(SHARED);
/** Of the trigger's own. */
export const ofTrigger = textsOf<Paths<typeof trigger>>("cemm-trigger");

/** The shared text whose name is known at run time only; undefined where there is none. */
export function textAt(part: keyof typeof shared, name: string): string | undefined {
  const key = `${PACKAGE}${SHARED}:${part}.${name}`;
  const text = RED._(key);
  return text === key || text === `${part}.${name}` ? undefined : text;
}
