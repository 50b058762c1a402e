/** Asks for the periods of a range, one by one, so that one that fails does not cost the others. */
import { type Answer, CemmError, type Period, periodName } from "../lib/index.js";
import type { Meter } from "./device-field.js";
import type { Run } from "./flow-node.js";
import type { MissingPeriod } from "./message.js";

interface Failure {
  period: Period;
  error: CemmError;
}

/** Failures that are seldom about one period alone: the next one is likely to end the same way. */
const LIKELY_TO_LAST = [
  "CEMM_CONFIG",
  "CEMM_UNAUTHORIZED",
  "CEMM_ALIAS_UNSUPPORTED",
  "CEMM_NOT_SUPPORTED",
  "CEMM_WRONG_DEVICE",
  "CEMM_UNREACHABLE",
  "CEMM_TIMEOUT",
  "CEMM_PROMISE_TIMEOUT",
];
/** After this many of them in a row the rest is not asked for: years of a silent CEMM would take days to fail. */
const PATIENCE = 5;

/** Hands each answer on as it comes; resolves with the periods that failed. Rejects only where the run is stopped. */
export async function askRange(
  run: Run,
  { client, alias }: Meter,
  periods: readonly Period[],
  onAnswer: (answer: Answer, index: number) => void,
): Promise<Failure[]> {
  const failures: Failure[] = [];
  let inARow = 0;
  for (const [index, period] of periods.entries()) {
    if (periods.length > 1) run.status.progress(index, periods.length);
    try {
      onAnswer(await client.history(alias, period, run.ask), index);
      inARow = 0;
    } catch (error) {
      if (run.ask.signal.aborted || !(error instanceof CemmError)) throw error;
      failures.push({ period, error });
      inARow = LIKELY_TO_LAST.includes(error.code) ? inARow + 1 : 0;
      if (inARow < PATIENCE) continue;
      return [...failures, ...periods.slice(index + 1).map((period) => ({ period, error }))];
    }
  }
  return failures;
}

export function missingOf(failures: readonly Failure[]): MissingPeriod[] {
  return failures.map(({ period, error }) => ({
    period: periodName(period),
    start: period.start,
    end: period.end,
    code: error.code,
  }));
}

/** One error for all that failed: it tells how many, and why the first one did. */
export function failureOf([first, ...more]: readonly Failure[], asked: number): CemmError | undefined {
  if (!first || asked === 1) return first?.error;
  const { code, message, statusCode, retryable, cause } = first.error;
  const text = `${more.length + 1} of ${asked} ${first.period.unit}s are missing, the first is ${periodName(first.period)}: ${message}`;
  return new CemmError(code, text, { statusCode, retryable, cause });
}
