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
  /** Something to shed before the mean of a quarter of an hour passes 2.5 kW. */
  peak: {
    channel: "electric_power",
    measure: "quarter",
    window: 300,
    direction: "above",
    on: 2400,
    off: 2000,
    onDelay: 0,
    offDelay: 60,
    minOn: 60,
    minOff: 0,
    lost: "keep",
    lostAfter: 120,
  },
  /** A tap that runs, gas that burns, for as long as no toilet and no night setback explains. */
  night: {
    channel: "flow",
    measure: "value",
    window: 300,
    direction: "above",
    on: 0,
    off: 0,
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
