/** The routes behind the dialogs, of one Node-RED. Who may use them, and that they take JSON only: test/proofs/admin. */
import assert from "node:assert/strict";
import { account } from "./account.js";
import { AdminLab, KEY } from "./admin-lab.js";
import { device } from "./device.js";
import { limits } from "./limits.js";
import { search } from "./search.js";
import { triggerDay } from "./trigger-day.js";

describe("the dialogs' admin routes", () => {
  const lab = new AdminLab();
  before(async function () {
    this.timeout(40_000);
    await lab.start();
  });
  after(() => lab.stop());

  search(lab);
  device(lab);
  account(lab);
  triggerDay(lab);
  limits(lab);

  describe("after all of it", () => {
    it("the log never had the key", () => assert(!lab.nodeRed.log().includes(KEY)));
  });
});
