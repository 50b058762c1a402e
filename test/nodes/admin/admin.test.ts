/** The routes behind the dialogs, all in one Node-RED. Permissions, and that they take JSON only: test/proofs/admin. */
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

  describe("after all of these", () => {
    it("the log does not contain the key", () => assert(!lab.nodeRed.log().includes(KEY)));
  });
});
