// nrlint accepts one flow file at a time; this runs it for each of examples/flows.
import { spawnSync } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const folder = join(root, "examples/flows");
const files = existsSync(folder)
  ? readdirSync(folder, { recursive: true })
      .map(String)
      .filter((name) => name.endsWith(".json"))
  : [];

const bad = files.filter((file) => {
  const program = join(root, "node_modules/.bin/nrlint");
  const { status, stdout } = spawnSync(program, ["-c", join(root, ".nrlintrc.js"), join(folder, file)], {
    encoding: "utf8",
  });
  if (status !== 0) console.error(`${file}\n${stdout}`);
  return status !== 0;
});
console.log(`nrlint: ${files.length} examples, ${bad.length} with findings`);
process.exit(bad.length > 0 ? 1 : 0);
