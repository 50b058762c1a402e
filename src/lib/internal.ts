/** What the nodes use beyond the public API. */

export { checkAlias } from "./client.js";
export { isOfNow } from "./data/answer.js";
export { checkUnit, parseTime, periodAt } from "./data/calendar.js";
export { type Collector, collect } from "./data/collect.js";
export type { NewCounter } from "./data/counter-guard.js";
export { rounded } from "./data/format.js";
export { type Findings, MeterWatch } from "./data/meter-watch.js";
export { roleOf, USUAL_METERS } from "./data/meters.js";
export { RecentMap } from "./data/recent-map.js";
export { requestLines } from "./diagnostics.js";
export { type DayFigures, dayFigures } from "./energy/day-figures.js";
export { DayRecord, emptyRecord, type MeterDay, meterDay, RecordHeader, type Registers } from "./energy/day-record.js";
export { type HouseMeter, houseMeters, type ListedMeters, MeterOverrides } from "./energy/house.js";
export { type HouseDay, houseDay } from "./energy/house-day.js";
export { houseView } from "./energy/house-view.js";
export { lastHourOf, liveView, type MeterState, type Minutes } from "./energy/live.js";
export { type RegisterReading, registersAt, registersIn } from "./energy/midnight.js";
export { periodView } from "./energy/period.js";
export { readingsView } from "./energy/readings.js";
export { type RunningQuarter, withPower } from "./energy/running-quarter.js";
export type { History } from "./energy/slots.js";
export { HourPrice, readPrices, Tariff, withPrices } from "./energy/tariff.js";
export type { DayChanged, House, Live, PeriodView, Problem, Readings } from "./energy/view.js";
export { describeValue, type ErrorPolicy, policyOf } from "./errors.js";
export * from "./index.js";
export { ACCESSES, checkAccess, nameOf } from "./options.js";
export { type BaseUrl, isLoopback, isPort, parseBaseUrl, parsePath, variableIn } from "./syntax.js";
export { TLS_ERROR } from "./transport/http.js";
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
export { checkThreshold, checkThresholds, type Thresholds, TriggerRule, triggerRule } from "./trigger/rule.js";
