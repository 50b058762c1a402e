/** Rules to start from, as the properties of a node: what the dialog fills in. This file imports nothing. */

/** W, seconds. What is not named stays as the dialog has it. */
export const STARTING_POINTS = {
  /** A load of about 2 kW on the sun. Its own power must fit between the thresholds: while it is on, the meter shows it. */
  surplus: {
    channel: "electric_power",
    measure: "average",
    window: 600,
    direction: "below",
    on: -1300,
    off: 1300,
    onDelay: 300,
    offDelay: 900,
    minOn: 2700,
    minOff: 1800,
    lost: "off",
    lostAfter: 120,
  },
  /**
   * On: shed about 2 kW, so that the mean of a quarter of an hour stays below 2.5 kW. A little below the limit, since what
   * comes in the last minutes cannot be foreseen; back where there is room for most of the load again.
   */
  peak: {
    channel: "electric_power",
    measure: "quarter",
    window: 300,
    direction: "above",
    on: 2200,
    off: 1000,
    onDelay: 0,
    offDelay: 120,
    minOn: 600,
    minOff: 0,
    lost: "keep",
    lostAfter: 120,
  },
  /**
   * A tap that runs, gas that burns, for as long as no toilet and no night setback explains. Above 0: a flow that has
   * stopped is 0, which is below no threshold of 0.
   */
  night: {
    channel: "flow",
    measure: "value",
    window: 300,
    direction: "above",
    on: 0.05,
    off: 0.05,
    onDelay: 3600,
    offDelay: 0,
    minOn: 0,
    minOff: 0,
    lost: "off",
    lostAfter: 600,
  },
  /** A machine that has finished: its power has fallen. */
  idle: {
    channel: "electric_power",
    measure: "value",
    window: 300,
    direction: "below",
    on: 5,
    off: 10,
    onDelay: 300,
    offDelay: 10,
    minOn: 0,
    minOff: 0,
    lost: "keep",
    lostAfter: 120,
  },
} as const;
