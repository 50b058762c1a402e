import type { CemmInfo, Meter, RouteName } from "../data/answer.js";
import type { Period } from "../data/calendar.js";
import type { History, IoList, Readings } from "../data/schemas.js";
import { CemmError } from "../errors.js";
import type { RequestContext } from "../transport/single-flight.js";
import type { ParsedBody } from "../transport/transport.js";

/** A body, and which CEMM it came from, by which route. */
export interface RouteResponse<T> extends ParsedBody<T> {
  source: RouteName;
  uid: string | null;
  host?: string;
}

/** The questions that a route answers; what one cannot answer is `CEMM_NOT_SUPPORTED`. */
export interface Route {
  info(context: RequestContext): Promise<CemmInfo>;
  meters(context: RequestContext): Promise<Meter[]>;
  meter(alias: string, context: RequestContext): Promise<Meter>;
  realtime(alias: string, context: RequestContext): Promise<RouteResponse<Readings>>;
  history(alias: string, period: Period, context: RequestContext): Promise<RouteResponse<History>>;
  /** The readings at the end of `day`, or now where that lies ahead. */
  totals(alias: string, day: Period, context: RequestContext): Promise<RouteResponse<Readings>>;
}

/** What is asked of a route. */
export type Question<T> = (route: Route, context: RequestContext) => Promise<T>;

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
