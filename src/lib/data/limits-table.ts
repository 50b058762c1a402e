/** Limits of the settings, for runtime and dialogs, and of what is accepted from a device. Imports nothing. */

/** `min` and `max` are inclusive; `default` applies when nothing is chosen. */
export const LIMITS = {
  /** Time limit for one answer, in seconds. */
  timeout: { min: 0.1, max: 3600, default: 30 },
  /** Broadcast addresses that may be chosen for a search; without a choice every interface has one. */
  addresses: 100,
  /** Concurrent requests of an account. */
  concurrency: { min: 1, max: 32, default: 4, isWhole: true },
  /** Duration of a network search, in seconds. */
  searchTime: { min: 0.001, max: 300, default: 5 },
  /** Shortest time between two polls, in seconds, by route. */
  interval: { lan: 1, cloud: 10 },
  /** Decimals that values are rounded to. */
  decimals: { min: 0, max: 6, isWhole: true },
  /** Maximum number of periods in a range. */
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
  /** For an answer: copying a deeper one overflows the stack. A day of minutes has 4,500 values for each channel. */
  json: { depth: 101, values: 50_000 },
  /** Channels of an answer: more than any meter has. */
  channels: 200,
  /**
   * `bytes`: maximum size of an answer that identifies a CEMM found on the network. An identity takes 200 bytes, a list
   * 110 for each meter; a forged one may be of any size. `cemms`: how many are asked for details, more than a network
   * of 254 addresses has.
   */
  details: { bytes: 4 * 1024, cemms: 300 },
  /** Entries in a list of meters or CEMMs. */
  listEntries: 1000,
} as const;
