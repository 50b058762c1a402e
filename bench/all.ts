/** Runs all benches, or the named ones, one after the other: `npm run bench`, `npm run bench way range`. */
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { z } from "zod";
import { scripts } from "../package.json";
import { Check, check, print } from "./support/report.js";

const names = Object.keys(scripts).flatMap((name) => /^bench:(.+)/.exec(name)?.[1] ?? []);
// The faults bench takes half an hour and needs root.
const BENCHES = names.filter((name) => name !== "faults");

/** Returns the bench's rows, or a failing one if it ends without rows. */
async function run(name: string): Promise<Check[]> {
  console.log(`\n=== ${name}`);
  const child = fork(join(__dirname, `${name}.ts`));
  let checks = [check(`${name}: ran to its end`, 0, ">=", 1)];
  child.on("message", (message) => {
    checks = z.array(Check).parse(message);
  });
  await once(child, "exit");
  return checks;
}

async function main(): Promise<void> {
  const named = process.argv.slice(2);
  const unknown = named.filter((name) => !BENCHES.includes(name));
  if (unknown.length > 0) throw new Error(`There is no bench ${unknown.join()}, only ${BENCHES.join()}.`);
  const checks: Check[] = [];
  for (const name of named.length > 0 ? named : BENCHES) checks.push(...(await run(name)));
  console.log(`\n=== All rows, after ${Math.round(performance.now() / 1000)} s`);
  print(checks);
  process.exitCode = checks.every(({ holds }) => holds) ? 0 : 1;
}

void main();
