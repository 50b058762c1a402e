/** Reads the periods of a range one by one, so that a failed period does not affect the others. */
import { type Answer, CemmError, type ErrorPolicy, type Period, periodName, policyOf } from "../../lib/internal.js";
import type { MeterRef } from "./device-field.js";
import type { Run } from "./flow-node.js";
import type { MissingPeriod } from "./message.js";

export interface FailedPeriod {
  period: Period;
  error: CemmError;
  /** The entry for messages. Made once, since every later message of a range lists it. */
  note: MissingPeriod;
}

/** After this many failures of one kind the remaining periods are not requested. */
const MAX_IN_A_ROW = 5;
/** In ms. Only a silence longer than a restart of the CEMM ends the range. */
const RESTART_TIME = 120_000;

type FailureKind = ErrorPolicy["range"];

class FailureStreak {
  #kind: FailureKind = "one period";
  #count = 0;
  #since = 0;

  end(): void {
    this.#kind = "one period";
  }

  add(error: CemmError): void {
    const kind = policyOf(error)?.range ?? "one period";
    if (kind !== this.#kind || kind === "one period") [this.#count, this.#since] = [0, performance.now()];
    this.#kind = kind;
    this.#count++;
  }

  /** Whether the next period would fail in the same way, so that a CEMM is not asked hundreds of times in vain. */
  get isHopeless(): boolean {
    if (this.#count < MAX_IN_A_ROW) return false;
    return this.#kind === "refused" || performance.now() - this.#since > RESTART_TIME;
  }
}

/** Passes on each answer with the periods that failed before it; resolves with all that failed. */
export async function readRange(
  run: Run,
  meter: MeterRef,
  periods: readonly Period[],
  onAnswer: (answer: Answer, index: number, failed: readonly FailedPeriod[]) => void,
): Promise<FailedPeriod[]> {
  const failures: FailedPeriod[] = [];
  const streak = new FailureStreak();
  for (const [index, period] of periods.entries()) {
    if (periods.length > 1) run.status.progress(index, periods.length);
    const answer = await readPeriod(run, meter, period);
    if (!(answer instanceof CemmError)) {
      streak.end();
      onAnswer(answer, index, failures);
      continue;
    }
    failures.push(failedPeriod(period, answer));
    streak.add(answer);
    if (streak.isHopeless)
      return [...failures, ...periods.slice(index + 1).map((period) => failedPeriod(period, answer))];
  }
  return failures;
}

function failedPeriod(period: Period, error: CemmError): FailedPeriod {
  const { start, end } = period;
  return { period, error, note: { period: periodName(period), start, end, code: error.code } };
}

async function readPeriod(run: Run, { client, alias }: MeterRef, period: Period): Promise<Answer | CemmError> {
  try {
    return await client.history(alias, period, run.options);
  } catch (error) {
    if (run.options.signal.aborted || !(error instanceof CemmError)) throw error;
    return error;
  }
}

export function missingNote(failures: readonly FailedPeriod[]): { missing?: MissingPeriod[] } {
  if (failures.length === 0) return {};
  return { missing: failures.map(({ note }) => ({ ...note })) };
}

/** Throws one error for all failed periods, if any: how many, and why the first one failed. */
export function throwFailed([first, ...more]: readonly FailedPeriod[], asked: number): void {
  if (!first) return;
  if (asked === 1) throw first.error;
  const { code, message, statusCode, retryable, cause } = first.error;
  const text = `${more.length + 1} of ${asked} ${first.period.unit}s are missing, the first is ${first.note.period}: ${message}`;
  throw new CemmError(code, text, { statusCode, retryable, cause });
}
