/**
 * When a sample counts. The clock of a meter, a CEMM or a machine gets set: by hand, by NTP, after a start without a battery.
 * Then only this machine's steady clock shows how long something has lasted.
 */
import { type SampleMemory, shifted } from "./measure.js";

/** How far a time may run ahead of the arrivals, in ms: recorded samples come faster than they were measured. */
const MAX_JUMP = 2 * 3_600_000;

/** Where a clock stands. Epoch ms, but for `arrival`. */
export interface ClockReading {
  /** As the last sample gave it. */
  ownTime: number;
  /** When that sample counts: it moves on by this machine's clock while the sample's own time stays the same. */
  time: number;
  /** By this machine's steady clock, ms. */
  arrival: number;
}

export interface Timed {
  time: number;
  arrival: number;
  /** It follows others in one message: however far apart they were measured, no clock was set in between. */
  inRecord?: boolean;
}

/** Whether the sample can be the next one on that clock: not earlier, nor far ahead of the arrivals. */
export function isOnClock({ ownTime, time, arrival }: ClockReading, sample: Timed): boolean {
  if (sample.time < ownTime) return false;
  return sample.inRecord === true || sample.time <= time + sample.arrival - arrival + MAX_JUMP;
}

/** When the sample counts, on a clock that it is on. */
export function timeOn({ ownTime, time, arrival }: ClockReading, sample: Timed): number {
  return sample.time === ownTime ? time + sample.arrival - arrival : Math.max(time, sample.time);
}

/** The state on the clock of the sample: how long it has lasted is counted by this machine's clock, its condition begins anew. */
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
