/**
 * The CEMM client, for scripts.
 * @packageDocumentation
 */
export { CemmAccount, type CemmAccountOptions, type RequestOptions } from "./account.js";
export { CemmClient, type CemmClientOptions } from "./client.js";
export { type Access, type Answer, type CemmInfo, type Meter, newestTime, type RouteName } from "./data/answer.js";
export { type Period, periodName, periodsBetween } from "./data/calendar.js";
export {
  CHANNELS,
  type ChannelMeaning,
  type ChannelRow,
  KINDS,
  type Kind,
  PERIOD_UNITS,
  type PeriodUnit,
} from "./data/channel-table.js";
export type { Channel, Channels } from "./data/channels.js";
export type { InfluxPoint, Point, Row, Series } from "./data/collect.js";
export type { Suspect } from "./data/counter-guard.js";
export type { CounterProblem } from "./data/counters.js";
export {
  type Measurement,
  toInflux,
  toMeasurements,
  toPoints,
  toRows,
  toSeries,
  toValue,
  toValues,
  type Values,
} from "./data/format.js";
export type { Freshness } from "./data/freshness.js";
export { LIMITS } from "./data/limits-table.js";
export type { Sample } from "./data/samples.js";
export * as schemas from "./data/schemas.js";
export { diagnostics } from "./diagnostics.js";
export {
  DISCOVERY_PORT,
  type DiscoveredCemm,
  type DiscoverOptions,
  discover,
  type SearchOptions,
} from "./discovery.js";
export { CemmError, type CemmErrorCode, type ErrorCause, type ErrorDetails } from "./errors.js";
export { DEFAULT_BASE_URL } from "./options.js";
export type { LoggedRequest } from "./request-log.js";
export { parseHost, parseUid } from "./syntax.js";
export { broadcastAddresses } from "./transport/broadcast.js";
