/** Tables whose rows run concurrently, and the command's last line, which says how many rows held. */

interface Tally {
  rows: number;
  held: number;
}

const tallies = new Map<string, Tally>();

/** Prints `<held> of <rows> <what> held` as the command's last line. */
function tallyOf(what: string): Tally {
  const known = tallies.get(what);
  if (known) return known;
  const tally = { rows: 0, held: 0 };
  tallies.set(what, tally);
  lastLine(() => `${tally.held} of ${tally.rows} ${what} held`);
  return tally;
}

/** Prints it after mocha's output. */
export function lastLine(text: () => string): void {
  process.once("exit", () => console.log(text()));
}

export interface RowsOptions {
  /** How many rows run at the same time. */
  atOnce?: number;
  what?: string;
}

/** An `it` for each row, which fails if its row did. */
export function rowsHold<Row extends { it: string }>(
  rows: readonly Row[],
  run: (row: Row, n: number) => Promise<void>,
  { atOnce = 60, what = "rows" }: RowsOptions = {},
): void {
  const tally = tallyOf(what);
  tally.rows += rows.length;
  const outcomes: Promise<unknown>[] = [];
  before(() => {
    outcomes.push(...inPool(rows, run, atOnce));
  });
  for (const [n, row] of rows.entries()) {
    it(row.it, async () => {
      const problem = await outcomes[n];
      if (problem !== undefined) throw problem;
      tally.held++;
    }).timeout(240_000);
  }
}

/** For each row a promise of its error, or undefined; `atOnce` rows run at a time. */
function inPool<Row>(rows: readonly Row[], run: (row: Row, n: number) => Promise<void>, atOnce: number) {
  const outcomes: Promise<unknown>[] = [];
  for (const [n, row] of rows.entries()) {
    const turn = outcomes[n - atOnce] ?? Promise.resolve();
    outcomes.push(turn.then(() => problemOf(() => run(row, n))));
  }
  return outcomes;
}

async function problemOf(work: () => Promise<void>): Promise<unknown> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return error ?? new Error("It failed without a reason.");
  }
}
