/** Events that would end a Node-RED process, or warn: counted over a whole command, and 0 at its end. */
import assert from "node:assert/strict";

const seen: string[] = [];
const KINDS = ["uncaughtExceptionMonitor", "unhandledRejection", "warning"] as const;
for (const kind of KINDS) process.on(kind, (reason: unknown) => void seen.push(`${kind}: ${textOf(reason)}`));

function textOf(reason: unknown): string {
  return reason instanceof Error ? (reason.stack ?? reason.message) : String(reason);
}

/** To be called last in a command's last file. */
export function nothingEscaped(): void {
  describe("over all of it", () => {
    it("no uncaught exception, no unhandled rejection, no process warning", () => {
      assert.deepEqual(seen, [], `${seen.length} of them`);
    });
  });
}
