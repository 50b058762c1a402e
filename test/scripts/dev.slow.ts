/** `npm run dev` on its own ports: it starts, and starts again after a change. */
import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { utimesSync } from "node:fs";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";

const root = resolve(__dirname, "../..");

describe("npm run dev", function () {
  this.timeout(60_000);
  let program: ChildProcess;

  afterEach(async () => {
    program.kill();
    await once(program, "exit");
  });

  it("starts the simulator and Node-RED, and restarts them when a source file is saved", async () => {
    program = spawn(process.execPath, ["scripts/dev.mjs"], { cwd: root, stdio: ["ignore", "pipe", "inherit"] });
    assert(program.stdout);
    const lines = createInterface(program.stdout)[Symbol.asyncIterator]();
    await untilUp(lines);
    utimesSync(join(root, "src/lib/index.ts"), new Date(), new Date());
    const seconds = await untilUp(lines);
    assert.ok(seconds > 0 && seconds < 15, `${seconds} s`);
  });
});

async function untilUp(lines: AsyncIterator<string>): Promise<number> {
  for (;;) {
    const { value, done } = await lines.next();
    assert.ok(!done, "it ended");
    const [, seconds] = /is up after (\S+) s/.exec(value) ?? [];
    if (seconds) return Number(seconds);
  }
}
