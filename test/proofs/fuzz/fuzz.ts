/** Runs a fuzz: batches of inputs from a printed seed, and what must hold after each batch. */
import assert from "node:assert/strict";
import { inspect } from "node:util";
import fc from "fast-check";
import { CemmError } from "../../../src/lib/index.js";
import { lastLine } from "../support/rows.js";

/** `CEMM_FUZZ_INPUTS=2000 CEMM_FUZZ_SEED=7 npm run fuzz`, or `npm run fuzz -- --inputs=2000 --seed=7`. */
const inputs = numberOf("inputs", 100_000);
export const seed = numberOf("seed", Date.now() % 2 ** 31);
/** How long our own work may block the event loop, in ms. */
const LONGEST_BLOCK = 200;

function numberOf(name: string, fallback: number): number {
  const argument = process.argv.find((each) => each.startsWith(`--${name}=`))?.split("=")[1];
  return Number(argument ?? process.env[`CEMM_FUZZ_${name.toUpperCase()}`] ?? fallback);
}

const tally = { tried: 0, held: 0, longestBlock: 0 };
console.log(`Seed ${seed}, at least ${inputs} inputs`);
lastLine(
  () =>
    `${tally.held} of ${tally.tried} inputs held (seed ${seed}, longest block ${Math.round(tally.longestBlock)} ms)`,
);

export interface Fuzz<Input> {
  arbitrary: fc.Arbitrary<Input>;
  /** The share of all inputs. */
  share: number;
  /** How many are tried at the same time. */
  batch: number;
  holds: (inputs: Input[]) => Promise<void> | void;
}

export function fuzz<Input>(title: string, { arbitrary, share, batch, holds }: Fuzz<Input>): void {
  it(title, async () => {
    const batches = Math.ceil((inputs * share) / batch);
    const property = fc.asyncProperty(fc.array(arbitrary, { minLength: batch, maxLength: batch }), async (some) => {
      tally.tried += some.length;
      await notBlocked(async () => holds(some));
      assertUnpolluted();
      tally.held += some.length;
    });
    const { failed, errorInstance, counterexamplePath } = await fc.check(property, {
      numRuns: batches,
      seed,
      endOnFailure: true,
    });
    // The error alone, without the whole batch.
    if (failed) throw new Error(`seed ${seed}, path ${counterexamplePath}`, { cause: errorInstance });
  }).timeout(600_000);
}

/** Fails unless it is a coded error with a readable message. */
export function assertCoded(error: unknown, input: unknown): void {
  const what = `${inspect(error)}\nfor ${inspect(input, { depth: 6 }).slice(0, 2000)}`;
  assert.ok(error instanceof CemmError, what);
  assert.match(error.code, /^CEMM_[A-Z_]+$/, what);
  assert.ok(error.message.length <= 500, what);
}

const PROTOTYPES = [Object, Array, Function, String, Number, Map, Promise, Error, Buffer].map(
  ({ prototype }) => prototype,
);
const before = PROTOTYPES.map((each) => Reflect.ownKeys(each).length);

function assertUnpolluted(): void {
  assert.deepEqual(
    PROTOTYPES.map((each) => Reflect.ownKeys(each).length),
    before,
  );
  assert.equal(Reflect.get({}, "polluted"), undefined);
}

/** Only time in which this process used the CPU counts as blocked: a busy machine also delays the loop. */
async function notBlocked(work: () => Promise<void>): Promise<void> {
  let [time, processor] = [performance.now(), process.cpuUsage()];
  let longest = 0;
  const sample = () => {
    const { user, system } = process.cpuUsage(processor);
    longest = Math.max(longest, Math.min(performance.now() - time, (user + system) / 1000));
    [time, processor] = [performance.now(), process.cpuUsage()];
  };
  const timer = setInterval(sample, 5);
  await work().finally(() => {
    sample();
    clearInterval(timer);
  });
  tally.longestBlock = Math.max(tally.longestBlock, longest);
  assert.ok(longest < LONGEST_BLOCK, `the loop was blocked for ${Math.round(longest)} ms`);
}
