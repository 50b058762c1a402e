import type { CemmInfo, Meter, RouteName } from "../data/answer.js";
import type { Period } from "../data/calendar.js";
import { nearestFirst } from "../data/meters.js";
import type { History, IoList, Readings } from "../data/schemas.js";
import { type CemmError, CHECK_METERS, Failure } from "../errors.js";
import type { Body } from "../transport/request.js";
import type { RequestContext } from "../transport/single-flight.js";

/** A parsed body, with the CEMM and the route that it came from. */
export interface RouteResponse<T> extends Body {
  body: T;
  source: RouteName;
  uid: string | null;
  host?: string;
}

export type Question<T> = (route: Route, context: RequestContext) => Promise<T>;

/** The requests to a CEMM; one that a route cannot answer is `CEMM_NOT_SUPPORTED`. */
export interface Route {
  info(context: RequestContext): Promise<CemmInfo>;
  meters(context: RequestContext): Promise<Meter[]>;
  meter(alias: string, context: RequestContext): Promise<Meter>;
  realtime(alias: string, context: RequestContext): Promise<RouteResponse<Readings>>;
  history(alias: string, period: Period, context: RequestContext): Promise<RouteResponse<History>>;
  /** The readings at the end of `day`, or current ones if that is in the future. */
  totals(alias: string, day: Period, context: RequestContext): Promise<RouteResponse<Readings>>;
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

/** `meters`: those that the CEMM lists; empty if it has no list. */
export function noSuchMeter(label: string, alias: string, meters: readonly Meter[], statusCode?: number): CemmError {
  const known = nearestFirst(
    alias,
    meters.flatMap((meter) => meter.alias ?? []),
  );
  const which = known.length > 0 ? `It has ${known.join(", ")}.` : CHECK_METERS;
  return new Failure("noMeter", { fill: `"${alias}". ${which}`, details: { statusCode } }).toError(label);
}

/** A period's start as the APIs expect it: epoch seconds. */
export function epochSeconds({ start }: Period): string {
  return String(Math.floor(start / 1000));
}
