/**
 * What every part of the page needs to know about its reader: texts and number formats of the language, and the
 * house's time zone.
 */
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { MeterView } from "../lib/energy/view.js";
import { Formats } from "./numbers.js";
import { type Translate, translator } from "./texts.js";

export interface Reader {
  t: Translate;
  formats: Formats;
}

export function readerIn(locale: string, timezone: string): Reader {
  return { t: translator(locale), formats: new Formats(locale, timezone) };
}

const ReaderContext = createContext<Reader>(readerIn("en-US", "UTC"));
export const ReaderProvider = ReaderContext.Provider;
export const useReader = (): Reader => useContext(ReaderContext);

/** A meter's name from the node, else its role, with its alias if others have the same role. */
export function meterName(id: string, meters: MeterView[], t: Translate): string {
  const meter = meters.find((each) => each.id === id);
  if (!meter) return id;
  if (meter.name) return meter.name;
  const role = t(`role.${meter.role}`);
  const isOnly = meters.filter((each) => each.role === meter.role).length === 1;
  return isOnly ? role : `${role} ${id}`;
}
