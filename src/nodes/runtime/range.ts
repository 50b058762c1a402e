/** Asks for the periods of a range, one by one, so that one that fails does not cost the others. */
import { type Answer, CemmError, type Period, periodName } from "../../lib/index.js";
import type { Meter } from "./device-field.js";
import type { Run } from "./flow-node.js";
import type { MissingPeriod } from "./message.js";

interface Failure {
  period: Period;
  error: CemmError;
}

/** What the next period would not change: a CEMM that refuses is not asked hundreds of times. */
const REFUSALS = [
  "CEMM_CONFIG",
  "CEMM_UNAUTHORIZED",
  "CEMM_ALIAS_UNSUPPORTED",
  "CEMM_NOT_SUPPORTED",
  "CEMM_WRONG_DEVICE",
];
const SILENCES = ["CEMM_UNREACHABLE", "CEMM_TIMEOUT", "CEMM_PROMISE_TIMEOUT"];
/** After this many failures of a kind in a row the rest is not asked for. */
const PATIENCE = 5;
/** A CEMM that restarts is silent for a while; only one that is silent for longer, in ms, is given up. */
const RESTART = 120_000;

/** Failures of one kind in a row. */
class Streak {
  #kind: readonly string[] = [];
  #count = 0;
  #since = 0;

  end(): void {
    this.#kind = [];
  }

  add(code: string): void {
    const kind = [REFUSALS, SILENCES].find((codes) => codes.includes(code)) ?? [];
    if (kind !== this.#kind || kind.length === 0) [this.#count, this.#since] = [0, performance.now()];
    this.#kind = kind;
    this.#count++;
  }

  get isHopeless(): boolean {
    if (this.#count < PATIENCE) return false;
    return this.#kind === REFUSALS || performance.now() - this.#since > RESTART;
  }
}

/** Hands each answer on as it comes, with what has failed before it; resolves with the periods that failed. Rejects only where the run is stopped. */
export async function askRange(
  run: Run,
  { client, alias }: Meter,
  periods: readonly Period[],
  onAnswer: (answer: Answer, index: number, failed: readonly Failure[]) => void,
): Promise<Failure[]> {
  const failures: Failure[] = [];
  const streak = new Streak();
  for (const [index, period] of periods.entries()) {
    if (periods.length > 1) run.status.progress(index, periods.length);
    try {
      onAnswer(await client.history(alias, period, run.ask), index, failures);
      streak.end();
    } catch (error) {
      if (run.ask.signal.aborted || !(error instanceof CemmError)) throw error;
      failures.push({ period, error });
      streak.add(error.code);
      if (!streak.isHopeless) continue;
      return [...failures, ...periods.slice(index + 1).map((period) => ({ period, error }))];
    }
  }
  return failures;
}

/** What `msg.cemm` says of the periods that failed; nothing where none did. */
export function missingNote(failures: readonly Failure[]): { missing?: MissingPeriod[] } {
  if (failures.length === 0) return {};
  const missing = failures.map(({ period, error }) => ({
    period: periodName(period),
    start: period.start,
    end: period.end,
    code: error.code,
  }));
  return { missing };
}

/** One error for all that failed: it tells how many, and why the first one did. */
export function failureOf([first, ...more]: readonly Failure[], asked: number): CemmError | undefined {
  if (!first || asked === 1) return first?.error;
  const { code, message, statusCode, retryable, cause } = first.error;
  const text = `${more.length + 1} of ${asked} ${first.period.unit}s are missing, the first is ${periodName(first.period)}: ${message}`;
  return new CemmError(code, text, { statusCode, retryable, cause });
}
