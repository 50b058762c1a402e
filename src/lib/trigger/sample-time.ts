/**
 * The effective time of a sample. The clock of a meter, a CEMM or a machine may be set: by hand, by NTP, or after a
 * start without a battery. Then only this machine's monotonic clock shows how much time has passed.
 */
import { type SampleMemory, shifted } from "./measure.js";

/** How far sample times may run ahead of their arrivals, ms: recorded samples arrive faster than they were measured. */
const MAX_JUMP = 2 * 3_600_000;

/** The position of a clock, epoch ms except for `arrival`. */
export interface ClockReading {
  ownTime: number;
  /** Its effective time: it advances by this machine's clock while the sample's own stays the same. */
  time: number;
  /** By this machine's monotonic clock, ms. */
  arrival: number;
}

export interface Timed {
  time: number;
  arrival: number;
  /** Whether it follows others in the same message: then no clock was set in between, however far apart they are. */
  inRecord?: boolean;
}

/** Whether the sample can be the next one on that clock: not earlier, and not far ahead of the arrivals. */
export function isOnClock({ ownTime, time, arrival }: ClockReading, sample: Timed): boolean {
  if (sample.time < ownTime) return false;
  return sample.inRecord === true || sample.time <= time + sample.arrival - arrival + MAX_JUMP;
}

/** The effective time of a sample that follows the clock. */
export function timeOn({ ownTime, time, arrival }: ClockReading, sample: Timed): number {
  return sample.time === ownTime ? time + sample.arrival - arrival : Math.max(time, sample.time);
}

/** Moves the state to the sample's clock: its age counts by this machine's, its condition starts again. */
export function onNewClock<
  State extends ClockReading & { since: number; holdsSince: number | null; memory: SampleMemory },
>(state: State, { time, arrival }: Timed): State {
  const by = time - (state.time + arrival - state.arrival);
  return {
    ...state,
    ownTime: time,
    time,
    arrival,
    since: state.since + by,
    holdsSince: null,
    memory: shifted(state.memory, by),
  };
}
