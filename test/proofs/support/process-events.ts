/** Collects warnings and events that would end a Node-RED process: there must be none in a whole command. */
import assert from "node:assert/strict";

const seen: string[] = [];
const KINDS = ["uncaughtExceptionMonitor", "unhandledRejection", "warning"] as const;
for (const kind of KINDS) process.on(kind, (reason: unknown) => void seen.push(`${kind}: ${textOf(reason)}`));

function textOf(reason: unknown): string {
  return reason instanceof Error ? (reason.stack ?? reason.message) : String(reason);
}

/** Call this last in a command's last file. */
export function nothingEscaped(): void {
  describe("the whole run", () => {
    it("has no uncaught exception, unhandled rejection or process warning", () => {
      assert.deepEqual(seen, [], `${seen.length} of them`);
    });
  });
}
