/** Limits of the settings, for runtime and dialogs, and of what a device may send. Imports nothing. */

/** `min` and `max` are inclusive; `default` applies when nothing is chosen. */
export const LIMITS = {
  /** Of one answer, in seconds. */
  timeout: { min: 0.1, max: 3600, default: 30 },
  /** Broadcast addresses that may be chosen for a search; without a choice every interface has one. */
  addresses: 100,
  /** Concurrent requests of an account. */
  concurrency: { min: 1, max: 32, default: 4, isWhole: true },
  /** Of a search of the network, in seconds. */
  searchTime: { min: 0.001, max: 300, default: 5 },
  /** Shortest time between two polls, in seconds, by route. */
  interval: { lan: 1, cloud: 10 },
  /** That values are rounded to. */
  decimals: { min: 0, max: 6, isWhole: true },
  /** Of a range at most. */
  periods: 4000,
  /** Maximum share of the heap for the payload of one message. */
  messageShare: 0.25,
  /** Memory of a payload in bytes, measured per format: for each sample, row or point, and for each value in it. */
  bytes: {
    series: { each: 95, value: 0 },
    rows: { each: 95, value: 22 },
    points: { each: 105, value: 0 },
    influx: { each: 240, value: 24 },
    chart: { each: 85, value: 0 },
  },
  /** Of an answer: a copy of deeper ones overflows the stack. A day of minutes has 4,500 values for each channel. */
  json: { depth: 101, values: 50_000 },
  /** More than any meter has. */
  channels: 200,
  /**
   * Of the answers that identify a CEMM found on the network, in bytes, and how many are asked for details: more than
   * a network of 254 addresses has. An identity takes 200 bytes, a list 110 for each meter; a forger sends all it may.
   */
  details: { bytes: 4 * 1024, cemms: 300 },
  /** Of a list of meters or CEMMs. */
  listEntries: 1000,
} as const;
