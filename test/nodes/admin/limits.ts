import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import type { AdminLab } from "./admin-lab.js";

export function limits(lab: AdminLab): void {
  describe("a request", () => {
    for (const [what, body] of [
      ["a field that is not text", { broadcast: { a: 1 } }],
      ["a field that is too long", { broadcast: "1".repeat(501) }],
    ] as const) {
      it(`is refused with ${what}`, async () => assert.equal((await lab.ask("search", body)).status, 400));
    }

    it("is refused while four others run, and ends when its dialog is closed", async () => {
      const dialog = new AbortController();
      const url = new URL("cemm/search", lab.nodeRed.adminUrl);
      const headers = { "content-type": "application/json" };
      const body = JSON.stringify({ broadcast: "127.0.0.1", port: 9 });
      const started = performance.now();
      const searches = Array.from({ length: 4 }, () =>
        assert.rejects(fetch(url, { method: "POST", headers, body, signal: dialog.signal })),
      );
      const isBusy = async () => (await lab.ask("account/test", { apiKey: "" })).status === 429;
      while (!(await isBusy())) await delay(10);
      dialog.abort();
      await Promise.all(searches);
      while (await isBusy()) await delay(10);
      assert.ok(performance.now() - started < 3000, "sooner than a search ends");
    });
  });
}
