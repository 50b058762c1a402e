/** The times of a rule, in seconds: minimum, and default for a blank field. This file imports nothing. */

export const TIMES = {
  window: { min: 0.001, default: 300 },
  onDelay: { min: 0, default: 0 },
  offDelay: { min: 0, default: 0 },
  minOn: { min: 0, default: 0 },
  minOff: { min: 0, default: 0 },
  lostAfter: { min: 0.001, default: 120 },
} as const;
export type TimeName = keyof typeof TIMES;

/** A year. */
export const LONGEST = 31_536_000;
