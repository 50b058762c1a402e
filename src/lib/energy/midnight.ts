/** A smart meter's registers at midnight: interpolated between the last live reading before and the first after. */
import type { Answer } from "../data/answer.js";
import type { Registers } from "./day-record.js";

const REGISTERS = ["t1", "t2", "t3", "t4"];
/** In ms: readings further apart do not show how much was used before midnight and how much after. */
const NEAR = 300_000;

export interface RegisterReading {
  /** Epoch ms. */
  time: number;
  registers: Registers;
}

/** Undefined if there are no registers that can be trusted. */
export function registersIn({ channels, suspects, stale }: Answer): RegisterReading | undefined {
  if (stale || suspects.some(({ channel }) => REGISTERS.includes(channel))) return undefined;
  const registers: Registers = {};
  let newest = 0;
  for (const name of REGISTERS) {
    const { time = null, value = null } = channels[name]?.samples.at(-1) ?? {};
    if (time === null || value === null) continue;
    registers[name] = value;
    newest = Math.max(newest, time);
  }
  return newest > 0 ? { time: newest, registers } : undefined;
}

export function registersAt(
  before: RegisterReading | undefined,
  after: RegisterReading,
  midnight: number,
): Registers | undefined {
  if (!before || before.time > midnight || after.time < midnight || after.time - before.time > NEAR) return undefined;
  const share = after.time === before.time ? 0 : (midnight - before.time) / (after.time - before.time);
  const registers: Registers = {};
  for (const [name, to] of Object.entries(after.registers)) {
    const from = before.registers[name];
    if (from !== undefined) registers[name] = from + (to - from) * share;
  }
  return registers;
}
