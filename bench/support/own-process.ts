import { spawn } from "node:child_process";
import { once } from "node:events";
import type { z } from "zod";

/**
 * Runs a script of the bench in a process of its own, with `task` as JSON; gives what it prints as JSON, or undefined
 * where it came to grief before that.
 */
export async function inOwnProcess<S extends z.ZodType>(
  script: string,
  task: object,
  schema: S,
  nodeOptions: readonly string[] = [],
): Promise<z.output<S> | undefined> {
  const run = [...nodeOptions, "--import", "tsx", script, JSON.stringify(task)];
  const child = spawn(process.execPath, run, { stdio: ["ignore", "pipe", "ignore"] });
  let text = "";
  child.stdout.on("data", (more) => {
    text += more;
  });
  await once(child, "close");
  const line = text.split("\n").find((each) => each.startsWith("{"));
  return line === undefined ? undefined : schema.parse(JSON.parse(line));
}
