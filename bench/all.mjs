// Every bench, one after the other, whatever fails: npm run bench. Ends with 1 where one failed.
import { spawnSync } from "node:child_process";

const BENCHES = [
  "way",
  "realtime",
  "history",
  "range",
  "storm",
  "load",
  "cloud",
  "editor",
  "page",
  "automation",
  "one-node",
  "fleet",
];

const failed = BENCHES.filter((name) => {
  console.log(`\n=== ${name}`);
  return spawnSync("npx", ["tsx", `bench/${name}.ts`], { stdio: "inherit" }).status !== 0;
});
console.log(failed.length > 0 ? `\nFAIL: ${failed.join(", ")}` : "\npass: all benches");
process.exitCode = failed.length > 0 ? 1 : 0;
