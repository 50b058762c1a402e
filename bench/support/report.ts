/** Rows with a figure and its goal. The process exits with 1 if a goal is missed. */
import { z } from "zod";

export const Check = z.object({ what: z.string(), figure: z.number(), goal: z.string(), holds: z.boolean() });
export type Check = z.infer<typeof Check>;

export function check(what: string, figure: number, relation: "<=" | ">=", limit: number): Check {
  const holds = relation === "<=" ? figure <= limit : figure >= limit;
  return { what, figure, goal: `${relation} ${limit}`, holds };
}

export function print(checks: readonly Check[]): void {
  console.log();
  for (const { what, figure, goal, holds } of checks) {
    console.log(`${holds ? "PASS" : "FAIL"}  ${figure.toFixed(2).padStart(7)}  ${goal.padEnd(9)}  ${what}`);
  }
}

/** Prints figures by row and column, with at most two decimals. */
export function table(rows: Record<string, Record<string, number>>): void {
  const short = (row: Record<string, number>) =>
    Object.fromEntries(Object.entries(row).map(([column, figure]) => [column, Number(figure.toFixed(2))]));
  console.table(Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, short(row)])));
}

/** Runs a bench in this process, prints its rows, and sends them to the process that started it, if any. */
export function bench(measure: () => Promise<Check[]>): void {
  // tsx enables source maps, Node-RED does not: they would slow down every error.
  process.setSourceMapsEnabled(false);
  measure().then(
    (checks) => {
      print(checks);
      process.exitCode = checks.every(({ holds }) => holds) ? 0 : 1;
      // Open connections would keep the process alive.
      if (process.send) process.send(checks, () => process.exit());
      else process.exit();
    },
    (error) => {
      console.error(error);
      process.exit(1);
    },
  );
}
