import assert from "node:assert/strict";
import { z } from "zod";
import { variable } from "../../support/flow.js";
import { NOBODY } from "../../support/server.js";
import { type AdminLab, HOST_VARIABLE, KEY } from "./admin-lab.js";

const Meters = z.object({ meters: z.array(z.looseObject({ alias: z.string().nullable() })) });
/** One route to a CEMM, with its answer or the error. */
const TestedRoute = z.object({
  route: z.enum(["lan", "cloud"]),
  ms: z.number(),
  uid: z.string().nullable(),
  name: z.string().nullish(),
  firmware: z.string().nullish(),
  meters: Meters.shape.meters.optional(),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
  other: z.string().optional(),
});
export const TestedRoutes = z.object({ routes: z.array(TestedRoute) });
/** A route that works, and one that does not. */
const Working = TestedRoute.extend({ meters: Meters.shape.meters });
const Failed = TestedRoute.required({ error: true });

export function device(lab: AdminLab): void {
  describe("testing a CEMM", () => {
    const only = async <T>(values: object, schema: z.ZodType<T>): Promise<T> => {
      const { body } = await lab.ask("device/test", values);
      const { routes } = z.object({ routes: z.tuple([z.unknown()]) }).parse(body);
      return schema.parse(routes[0]);
    };
    const works = (values: object) => only(values, Working);
    const fails = (values: object) => only(values, Failed);

    it("reports name, firmware, meters and duration on the LAN", async () => {
      const { route, name, firmware, uid, ms, meters } = await works(lab.lan());
      assert.deepEqual([route, name, firmware, uid], ["lan", "CEMM Plus", "2.26.0.0", lab.simulator.uids[0]]);
      assert(ms >= 0);
      assert.deepEqual(meters[0], { alias: "p1", type: "p1", port: 3 });
    });

    it("reports the meters through the cloud", async () => {
      const { route, uid, meters } = await works(lab.cloud());
      assert.deepEqual([route, uid], ["cloud", lab.simulator.uids[1]]);
      assert(meters.length > 0);
    });

    it("tries both routes if both are used", async () => {
      const { body } = await lab.ask("device/test", {
        ...lab.lan(),
        access: "auto",
        account: lab.account(),
        uid: lab.simulator.uids[0],
      });
      assert.deepEqual(
        TestedRoutes.parse(body).routes.map(({ route, error }) => [route, error]),
        [
          ["lan", undefined],
          ["cloud", undefined],
        ],
      );
    });

    it("reports that another CEMM answers, and which one", async () => {
      const { error, other } = await fails(lab.lan({ uid: lab.simulator.uids[1] }));
      assert.deepEqual([error.code, other], ["CEMM_WRONG_DEVICE", lab.simulator.uids[0]]);
    });

    it("reports that the account has another CEMM", async () => {
      const { error } = await fails(lab.cloud({ uid: "00-00-00-00-00-01" }));
      assert.equal(error.code, "CEMM_WRONG_DEVICE");
      assert(error.message.includes(lab.simulator.uids[0] ?? "-"));
    });

    const WRONG: [what: string, values: () => object, code: string, message: RegExp][] = [
      ["nothing answers", () => lab.lan({ host: NOBODY, timeout: 2 }), "CEMM_UNREACHABLE", /127\.0\.0\.1:1/],
      ["an address cannot be used", () => lab.lan({ host: "http://a b" }), "CEMM_CONFIG", /address/],
      ["a variable is not set", () => lab.lan({ host: variable("NO_SUCH") }), "CEMM_CONFIG", /NO_SUCH/],
      ["an account has no key", () => lab.cloud({ account: lab.account({ id: "new" }) }), "CEMM_CONFIG", /no API key/],
      ["no account is chosen", () => lab.cloud({ account: {} }), "CEMM_CONFIG", /no account/],
    ];
    for (const [what, values, code, message] of WRONG) {
      it(`reports that ${what}`, async () => {
        const { error } = await fails(values());
        assert.equal(error.code, code);
        assert.match(error.message, message);
      });
    }

    it("resolves variables from Node-RED's global environment", async () => {
      const tested = await works(lab.lan({ id: "new", host: variable(HOST_VARIABLE) }));
      assert.equal(tested.uid, lab.simulator.uids[0]);
    });

    it("accepts an account that is not deployed yet, with its key as typed", async () => {
      const tested = await works(lab.cloud({ account: lab.account({ id: "new", apiKey: KEY }) }));
      assert.equal(tested.uid, lab.simulator.uids[1]);
    });
  });

  describe("listing the meters of a CEMM", () => {
    const aliasesOf = async (values: object) =>
      Meters.parse((await lab.ask("device/meters", values)).body).meters.map(({ alias }) => alias);

    it("returns their aliases on the LAN, and through the cloud, although the cloud does not list them", async () => {
      assert.deepEqual(await aliasesOf(lab.lan()), ["p1", "p1-gas", "s01", "pulse-3", "mb3"]);
      assert.deepEqual(await aliasesOf(lab.cloud()), ["p1", "p1-gas", "s01"]);
    });

    it("is refused if the CEMM cannot be reached", async () => {
      const keyless = lab.cloud({ account: lab.account({ id: "new" }) });
      assert.equal(await lab.refusal("device/meters", keyless), "422 CEMM_CONFIG");
    });
  });

  describe("diagnostics", () => {
    const textOf = async (values: object): Promise<string> => {
      const { status, body } = await lab.ask("device/diagnostics", values);
      assert.equal(status, 200);
      return z.object({ text: z.string() }).parse(body).text;
    };

    it("cover each route, without the key, an address or a whole MAC", async () => {
      const uid = lab.simulator.uids[0] ?? assert.fail();
      const text = await textOf({ ...lab.lan(), access: "auto", account: lab.account(), uid });
      assert.match(text, /^Node-RED \d/);
      assert.equal(text.match(/^access: /gm)?.length, 2);
      for (const secret of [KEY, uid, lab.simulator.addresses.lan[0] ?? ""]) assert.ok(!text.includes(secret), text);
    });

    it("give the error code of an invalid field", async () => {
      assert.match(await textOf(lab.lan({ host: "http://a b" })), /^lan: CEMM_CONFIG$/m);
    });
  });
}
