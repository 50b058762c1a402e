/** The database on its default port. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { z } from "zod";

export const INFLUXDB_PORT = 8086;
const run = promisify(execFile);

const Value = z.union([z.string(), z.number(), z.null()]);
const Answer = z.object({
  results: z.tuple([
    z.object({
      error: z.string().optional(),
      series: z.array(z.object({ columns: z.array(z.string()), values: z.array(z.array(Value)) })).default([]),
    }),
  ]),
});

/** The rows of a query on the database `cemm`, by column; times in ms. */
export async function rowsOf(query: string): Promise<Record<string, z.infer<typeof Value>>[]> {
  const response = await fetch(
    `http://127.0.0.1:${INFLUXDB_PORT}/query?${new URLSearchParams({ db: "cemm", epoch: "ms", q: query })}`,
  );
  const [{ error, series }] = Answer.parse(await response.json()).results;
  if (error) throw new Error(`${query}: ${error}`);
  return series.flatMap(({ columns, values }) =>
    values.map((row) => Object.fromEntries(columns.map((column, n) => [column, row[n] ?? null]))),
  );
}

/** An empty database, created by the command in a tab's description. */
export async function freshDatabase(comment: string): Promise<void> {
  const [, command = assert.fail("no command")] = /`(influx -execute '.+?')`/.exec(comment) ?? [];
  await rowsOf("DROP DATABASE cemm");
  await run("sh", ["-c", command]);
}
