/**
 * The numbers that may be chosen, which run time and dialogs check, and the bounds of what a device may send. This file
 * imports nothing.
 */

/** `min` and `max` are allowed; `default` is what holds where nothing is chosen. */
export const LIMITS = {
  /** Of one answer, in seconds. */
  timeout: { min: 0.1, max: 3600, default: 30 },
  /** Requests of an account under way at a time. */
  concurrency: { min: 1, max: 32, default: 4, isWhole: true },
  /** Of a search of the network, in seconds. */
  searchTime: { min: 0.001, max: 300, default: 5 },
  /** Between two polls at least, in seconds; by the route. */
  interval: { lan: 1, cloud: 10 },
  /** That values are rounded to. */
  decimals: { min: 0, max: 6, isWhole: true },
  /** Of a range at most. */
  periods: 4000,
  /** Of the process's heap: what the payload of one message may take. */
  messageShare: 0.25,
  /** What a payload takes, in bytes, as measured for each format: of a sample, row or point, and of each value in it. */
  bytes: {
    series: { each: 95, value: 0 },
    rows: { each: 95, value: 22 },
    points: { each: 105, value: 0 },
    influx: { each: 240, value: 24 },
    chart: { each: 85, value: 0 },
  },
  /**
   * Of an answer: levels below the outermost one, which Node-RED's copy of a message must not overflow, and values and
   * lists together. A day of minutes has 4,500 for each channel.
   */
  json: { depth: 101, values: 50_000 },
  /** More than any meter has. */
  channels: 200,
  /** Of a list of meters or CEMMs. */
  listEntries: 1000,
} as const;
