/** The times of a rule, in seconds: the least that each may be, and what it is where its field is blank. This file imports nothing. */

export const TIMES = {
  window: { least: 0.001, blank: 300 },
  onDelay: { least: 0, blank: 0 },
  offDelay: { least: 0, blank: 0 },
  minOn: { least: 0, blank: 0 },
  minOff: { least: 0, blank: 0 },
  lostAfter: { least: 0.001, blank: 120 },
} as const;
export type TimeName = keyof typeof TIMES;

/** A year. */
export const LONGEST = 31_536_000;
