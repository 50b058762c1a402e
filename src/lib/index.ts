/**
 * The CEMM client: everything that scripts and the nodes use.
 * @packageDocumentation
 */
export { CemmAccount, type CemmAccountOptions, DEFAULT_BASE_URL } from "./account.js";
export { parseUid } from "./address.js";
export { type Answer, type CemmInfo, type Kind, type Meter, newestTime, type Source } from "./answer.js";
export { PERIOD_UNITS, type Period, type PeriodUnit, periodName } from "./calendar.js";
export type { Channel, ChannelMeaning, Channels, Sample } from "./channels.js";
export { ACCESSES, type Access, type AskOptions, CemmClient, type CemmClientOptions, checkAlias } from "./client.js";
export {
  broadcastAddresses,
  DISCOVERY_PORT,
  type DiscoveredCemm,
  type DiscoverOptions,
  discover,
} from "./discovery.js";
export { CemmError, type CemmErrorCode, type ErrorCause } from "./errors.js";
export {
  type InfluxPoint,
  type Measurement,
  type Point,
  type Row,
  type Series,
  toInflux,
  toMeasurements,
  toPoints,
  toRows,
  toSeries,
  toValues,
  type Values,
} from "./format.js";
export * as schemas from "./schemas.js";
