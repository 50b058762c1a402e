/**
 * The CEMM client: everything that scripts and the nodes use.
 * @packageDocumentation
 */
export { CemmAccount, type CemmAccountOptions, type RequestOptions } from "./account.js";
export { CemmClient, type CemmClientOptions } from "./client.js";
export {
  type Access,
  type Answer,
  type CemmInfo,
  isOfNow,
  type Meter,
  newestTime,
  type RouteName,
} from "./data/answer.js";
export { checkUnit, type Period, parseTime, periodAt, periodName, periodsBetween } from "./data/calendar.js";
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
export { type Collector, collect, type InfluxPoint, type Point, type Row, type Series } from "./data/collect.js";
export type { NewCounter, Suspect } from "./data/counter-guard.js";
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
export { type Findings, MeterWatch } from "./data/meter-watch.js";
export { USUAL_METERS } from "./data/meters.js";
export { RecentMap } from "./data/recent-map.js";
export type { Sample } from "./data/samples.js";
export * as schemas from "./data/schemas.js";
export { diagnostics, requestLines } from "./diagnostics.js";
export {
  DISCOVERY_PORT,
  type DiscoveredCemm,
  type DiscoverOptions,
  discover,
  type SearchOptions,
} from "./discovery.js";
export { type DayFigures, dayFigures } from "./energy/day-figures.js";
export { DayRecord, emptyRecord, type MeterDay, meterDay, type Registers } from "./energy/day-record.js";
export { type HouseMeter, houseMeters, MeterOverrides } from "./energy/house.js";
export { type HouseDay, houseDay } from "./energy/house-day.js";
export { houseView } from "./energy/house-view.js";
export { lastHourOf, liveView, type MeterState, type Minutes } from "./energy/live.js";
export { type RegisterReading, registersAt, registersIn } from "./energy/midnight.js";
export { periodView } from "./energy/period.js";
export { readingsView } from "./energy/readings.js";
export { type RunningQuarter, withPower } from "./energy/running-quarter.js";
export type { History } from "./energy/slots.js";
export { HourPrice, readPrices, Tariff, withPrices } from "./energy/tariff.js";
export type { DayChanged, House, Live, PeriodView, Problem, Progress, Readings } from "./energy/view.js";
export {
  CemmError,
  type CemmErrorCode,
  describeValue,
  type ErrorCause,
  type ErrorDetails,
  type ErrorPolicy,
  policyOf,
} from "./errors.js";
export { ACCESSES, checkAccess, checkAlias, DEFAULT_BASE_URL, nameOf } from "./options.js";
export { REPORT_ADDRESS } from "./own-package.js";
export type { LoggedRequest } from "./request-log.js";
export { type BaseUrl, isLoopback, isPort, parseBaseUrl, parseHost, parseUid, variableIn } from "./syntax.js";
export { broadcastAddresses } from "./transport/broadcast.js";
export { Turns } from "./transport/turns.js";
export {
  type Decision,
  decide,
  decideLost,
  dueAt,
  KeptState,
  keptOf,
  pending,
  restarted,
  type SwitchState,
  type TriggerSample,
  type TriggerState,
  type TriggerVerdict,
} from "./trigger/machine.js";
export type { Forecast } from "./trigger/quarter.js";
export { type RecordedSample, replay, timesOn } from "./trigger/replay.js";
export {
  checkThreshold,
  checkThresholds,
  type Thresholds,
  TriggerRule,
  triggerRule,
} from "./trigger/rule.js";
