/** Prints results, and sets the exit code. */

export interface Check {
  what: string;
  ratio: number;
  limit: string;
  pass: boolean;
}

export function check(what: string, ratio: number, relation: "<=" | ">=", limit: number): Check {
  const pass = relation === "<=" ? ratio <= limit : ratio >= limit;
  return { what, ratio, limit: `${relation} ${limit}`, pass };
}

/** Prints the checks; the process will end with 1 where one has failed. */
export function finish(checks: readonly Check[]): void {
  console.log();
  for (const { what, ratio, limit, pass } of checks) {
    console.log(`${pass ? "pass" : "FAIL"}  ${ratio.toFixed(2).padStart(6)}  ${limit.padEnd(7)} ${what}`);
  }
  if (!checks.every(({ pass }) => pass)) process.exitCode = 1;
}
