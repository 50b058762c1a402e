/** The database on its usual port. */
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { z } from "zod";
import { type Server, startServer } from "./service.js";

const HTTP = "127.0.0.1:8086";
const run = promisify(execFile);

export function startInfluxdb(): Promise<Server> {
  return startServer({ program: "influxd", option: "-config", config, isReady: canConnect });
}

const config = (folder: string): string => `
reporting-disabled = true
bind-address = "127.0.0.1:0"
[meta]
  dir = "${folder}/meta"
[data]
  dir = "${folder}/data"
  wal-dir = "${folder}/wal"
  query-log-enabled = false
[monitor]
  store-enabled = false
[http]
  bind-address = "${HTTP}"
  log-enabled = false
`;

async function canConnect(): Promise<boolean> {
  return fetch(`http://${HTTP}/ping`).then(
    ({ ok }) => ok,
    () => false,
  );
}

const Value = z.union([z.string(), z.number(), z.null()]);
const Answer = z.object({
  results: z.tuple([
    z.object({
      error: z.string().optional(),
      series: z.array(z.object({ columns: z.array(z.string()), values: z.array(z.array(Value)) })).default([]),
    }),
  ]),
});

/** The rows that a query gives, by column; of the database `cemm`, times in ms. */
export async function rowsOf(query: string): Promise<Record<string, z.infer<typeof Value>>[]> {
  const response = await fetch(`http://${HTTP}/query?${new URLSearchParams({ db: "cemm", epoch: "ms", q: query })}`);
  const [{ error, series }] = Answer.parse(await response.json()).results;
  if (error) throw new Error(`${query}: ${error}`);
  return series.flatMap(({ columns, values }) =>
    values.map((row) => Object.fromEntries(columns.map((column, n) => [column, row[n] ?? null]))),
  );
}

/** An empty database, made as a comment tells to. */
export async function freshDatabase(comment: string): Promise<void> {
  const [, command = assert.fail("no command")] = /`(influx -execute '.+?')`/.exec(comment) ?? [];
  await rowsOf("DROP DATABASE cemm");
  await run("sh", ["-c", command]);
}
