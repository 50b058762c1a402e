import type { CemmInfo, Meter, Source } from "../data/answer.js";
import type { Period } from "../data/calendar.js";
import type { History, IoList, Readings } from "../data/schemas.js";
import { CemmError } from "../errors.js";
import type { Ask, Parsed } from "../transport/transport.js";

/** A body, and which CEMM it came from. */
export interface Reply<T> extends Parsed<T> {
  source: Source;
  uid: string | null;
  host?: string;
}

/** A way to a CEMM. Both ways answer the same questions; what one cannot answer is `CEMM_NOT_SUPPORTED`. */
export interface Route {
  info(ask: Ask): Promise<CemmInfo>;
  meters(ask: Ask): Promise<Meter[]>;
  meter(alias: string, ask: Ask): Promise<Meter>;
  realtime(alias: string, ask: Ask): Promise<Reply<Readings>>;
  history(alias: string, period: Period, ask: Ask): Promise<Reply<History>>;
  /** The readings at the end of `day`, or now where that lies ahead. */
  totals(alias: string, day: Period, ask: Ask): Promise<Reply<Readings>>;
}

export function toMeter(io: IoList["data"][number]): Meter {
  return {
    ioId: io.io_id,
    port: io.port ?? null,
    type: io.type,
    portOption: io.port_option ?? null,
    unitId: io.full_id ?? null,
    alias: io.alias ?? null,
  };
}

export function noSuchMeter(peer: string, alias: string, statusCode?: number): CemmError {
  return new CemmError("CEMM_ALIAS_UNSUPPORTED", `${peer} has no meter "${alias}". Check which meters it has.`, {
    statusCode,
  });
}

/** A period's start as the APIs want it: epoch seconds. */
export function epochSeconds({ start }: Period): string {
  return String(Math.floor(start / 1000));
}
