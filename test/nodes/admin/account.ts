import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:https";
import { z } from "zod";
import { certificate } from "../../support/fixtures.js";
import { portOf, testbed } from "../../support/server.js";
import { good } from "../../support/server-answers.js";
import { type AdminLab, KEY, PLACEHOLDER, Refused } from "./admin-lab.js";
import { TestedRoutes } from "./device.js";

const Listed = z.object({ cemms: z.array(z.object({ uid: z.string() })) });
const SELF_SIGNED = certificate("self-signed");

export function account(lab: AdminLab): void {
  describe("an account", () => {
    const bed = testbed();

    it("is tested with the key as typed", async () => {
      const { body } = await lab.ask("account/test", lab.account({ id: "never-deployed", apiKey: KEY }));
      const uids = Listed.parse(body).cemms.map(({ uid }) => uid);
      assert.deepEqual(uids, [...lab.simulator.uids].sort());
    });

    it("is tested with the stored key if the field shows the placeholder", async () => {
      const { body, text } = await lab.ask("account/test", lab.account());
      assert.equal(Listed.parse(body).cemms.length, 2);
      assert(!text.includes(KEY));
    });

    it("does not send the stored key to another address", async () => {
      const other = await bed.serve(good);
      const typed = lab.account({ baseUrl: `http://${other.host}/v1/` });
      assert.equal(await lab.refusal("account/test", typed), "422 CEMM_KEY_AGAIN");
      assert.equal(other.connections, 0);
    });

    for (const [what, values, code] of [
      ["a wrong key", { apiKey: "wrong" }, "CEMM_UNAUTHORIZED"],
      ["a missing key", { apiKey: "" }, "CEMM_CONFIG"],
      ["a placeholder without a stored key", { apiKey: PLACEHOLDER, id: "keyless" }, "CEMM_CONFIG"],
      ["plain http to another machine", { apiKey: KEY, baseUrl: "http://192.0.2.1/v1/" }, "CEMM_CONFIG"],
    ] as const) {
      it(`reports ${what}`, async () => {
        const { status, body, text } = await lab.ask("account/test", lab.account(values));
        assert.deepEqual([status, Refused.parse(body).code], [422, code]);
        assert(!text.includes(KEY));
      });
    }
  });

  describe("a cloud that cannot be reached", () => {
    const untrusted = createServer({ key: SELF_SIGNED, cert: SELF_SIGNED }, (_, response) => response.end());
    before(() => once(untrusted.listen(0, "127.0.0.1"), "listening"));
    after(() => untrusted.close());

    const rows: [string, () => string, string][] = [
      ["its name does not resolve", () => "https://cemm-test.invalid/v1/", "CLOUD_NAME"],
      [
        "its certificate is not trusted",
        () => `https://127.0.0.1:${portOf(untrusted.address())}/`,
        "CLOUD_CERTIFICATE",
      ],
      ["it refuses the connection", () => "http://127.0.0.1:9/v1/", "CLOUD_UNREACHABLE"],
    ];
    for (const [what, baseUrl, code] of rows) {
      it(`is distinguished from a CEMM: ${what}`, async () => {
        const typed = lab.account({ id: "new", apiKey: KEY, baseUrl: baseUrl() });
        assert.equal(await lab.refusal("account/test", typed), `422 ${code}`);
        const { body } = await lab.ask("device/test", lab.cloud({ account: typed }));
        assert.equal(TestedRoutes.parse(body).routes[0]?.error?.code, code);
      });
    }
  });
}
