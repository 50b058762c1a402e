// Runs Node-RED's own scorecard (node-red-dev validate) on this package and fails if a check does not pass,
// except those excused here. node-red-dev itself always exits with 0.
import { spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("..", import.meta.url));
const excused = {
  D03: {
    reason:
      "undici 8 throws on Node 20, temporal-polyfill 1 cannot be required by Node 20.18 and 22.9 (see docs/long-life.md)",
    for: ["undici", "temporal-polyfill"],
  },
  P03: { reason: "the project has no public address yet" },
};

/** Why this check need not pass, or undefined. D03 names packages, which must all be excused. */
function excuse(check, { packages = [] }) {
  const found = excused[check];
  return packages.every((name) => found?.for.includes(name)) ? found?.reason : undefined;
}

function validate() {
  const folder = mkdtempSync(join(tmpdir(), "cemm-scorecard-"));
  const card = join(folder, "card.json");
  const preload = join(root, "scripts/nrdev-offline.cjs");
  const program = join(root, "node_modules/node-red-dev/bin/run");
  try {
    const run = spawnSync(process.execPath, ["--require", preload, program, "validate", "-p", root, "-o", card], {
      cwd: root,
      encoding: "utf8",
      // Its dependency check would start an interactive prompt on a terminal.
      stdio: ["ignore", "pipe", "pipe"],
    });
    return { card: readCard(card), output: run.stdout + run.stderr };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readCard(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

/** Prints a check's line; true if it failed. */
function report([check, result]) {
  const { test, ...details } = result;
  const reason = test ? undefined : excuse(check, details);
  const word = test ? "pass" : reason ? "excused" : "FAIL";
  console.log([check, word, reason, JSON.stringify(details)].filter(Boolean).join("  "));
  return word === "FAIL";
}

// Every check of the scorecard: a missing one was not run, which must not look like a pass.
const expected = ["P01", "P03", "P04", "P05", "P06", "P07", "P08", "N01", "N02", "D01", "D02", "D03"];

const { card, output } = validate();
const missing = expected.filter((check) => !card?.[check]);
const failures = Object.entries(card ?? {})
  .filter(([check]) => check !== "package")
  .filter(report);
// It also passes if it cannot read a node's html.
const unread = output.split("\n").filter((line) => line.startsWith("Unable to parse"));
for (const line of unread) console.error(line);
if (missing.length > 0) console.error(`Not checked: ${missing.join(", ")}\n${output}`);
process.exit(missing.length + failures.length + unread.length > 0 ? 1 : 0);
