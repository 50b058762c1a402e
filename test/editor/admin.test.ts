import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { createServer as createHttpServer } from "node:http";
import { createServer as createTlsServer } from "node:https";
import { createServer } from "node:net";
import { z } from "zod";
import { CemmClient, replay, timesOn, triggerRule } from "../../src/lib/internal.js";
import { type Simulator, startSimulator } from "../../src/simulator/simulator.js";
import { adminRoutes } from "../proofs/admin/routes.js";
import { certificate } from "../support/fixtures.js";
import { variable } from "../support/flow.js";
import { Login, type NodeRed, startNodeRed } from "../support/node-red.js";
import { portOf } from "../support/server.js";

const KEY = "s3cret-key-of-the-account";
const PLACEHOLDER = "__PWRD__";
const SELF_SIGNED = certificate("self-signed");
const HOST_VARIABLE = { name: "CEMM_TEST_EVERYWHERE", type: "str" };

/** The answer of each route; any of them may refuse instead. */
const Refused = z.object({ code: z.string() });
const Found = z.object({
  tried: z.array(z.string()),
  port: z.number(),
  cemms: z.array(z.looseObject({ uid: z.string() })),
});
const Meters = z.object({ meters: z.array(z.looseObject({ alias: z.string().nullable() })) });
const Uids = z.object({ uids: z.array(z.string()) });
const Day = z.object({
  start: z.number(),
  end: z.number(),
  timezone: z.string(),
  channels: z.array(z.string()),
  samples: z.array(z.tuple([z.number(), z.number().nullable()])),
  on: z.array(z.object({ from: z.number(), to: z.number() })),
  switchings: z.number(),
});
/** One route to a CEMM, with what it answered or what is wrong. */
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
const TestedRoutes = z.object({ routes: z.array(TestedRoute) });
/** Of a route that works. */
const Working = TestedRoute.extend({ meters: Meters.shape.meters });
/** Of a route that does not. */
const Failed = TestedRoute.required({ error: true });

interface Told {
  status: number;
  body: unknown;
  text: string;
}

async function ask(nodeRed: NodeRed, path: string, body: unknown): Promise<Told> {
  const response = await nodeRed.admin(`cemm/${path}`, { method: "POST", body });
  const text = await response.text();
  return { status: response.status, body: JSON.parse(text), text };
}

const portIn = (address: string): string => address.split(":").at(-1) ?? "";

describe("the dialogs' admin routes", () => {
  let simulator: Simulator;
  let nodeRed: NodeRed;

  before(async function () {
    this.timeout(40_000);
    simulator = await startSimulator({ lanPort: 0, cloudPort: 0, udpPort: 0, devices: 2, apiKey: KEY, promise: 200 });
    // As from a file that was written on Windows.
    process.env.CEMM_TEST_HOST = `http://${simulator.addresses.lan[0]}/\r`;
    process.env.CEMM_TEST_MAC = simulator.uids[0]?.replaceAll("-", "").toLowerCase();
    const account = { type: "cemm-account", name: "Cloud", baseUrl: simulator.addresses.cloud };
    const limit = (value: string) => [{ name: "CEMM_TEST_LIMIT", value, type: "num" }];
    const inject = { type: "inject", props: [], wires: [], x: 0, y: 0 };
    nodeRed = await startNodeRed({
      flows: [
        { ...account, id: "account" },
        { ...account, id: "keyless" },
        { id: "everywhere", type: "global-config", env: [{ ...HOST_VARIABLE, value: simulator.addresses.lan[0] }] },
        { id: "tab", type: "tab", label: "test", env: limit("-500") },
        { ...inject, id: "of-tab", z: "tab" },
        { id: "group", type: "group", z: "tab", nodes: ["of-group"], env: limit("500") },
        { ...inject, id: "of-group", z: "tab", g: "group" },
        { id: "template", type: "subflow", name: "sub", in: [], out: [], env: limit("0") },
        { ...inject, id: "of-template", z: "template" },
        { id: "instance", type: "subflow:template", z: "tab", x: 0, y: 0, env: limit("3000") },
      ],
      credentials: { account: { apiKey: KEY } },
      settings: { httpAdminRoot: "/edit" },
    });
  });

  after(async () => {
    for (const name of ["HOST", "MAC"]) delete process.env[`CEMM_TEST_${name}`];
    await nodeRed?.stop();
    await simulator?.close();
  });

  const lan = (more: object = {}) => ({
    access: "lan",
    host: simulator.addresses.lan[0],
    uid: "",
    timeout: 30,
    ...more,
  });
  /** The deployed account, as its dialog holds it. */
  const account = (more: object = {}) => ({
    id: "account",
    name: "Cloud",
    baseUrl: simulator.addresses.cloud,
    apiKey: PLACEHOLDER,
    ...more,
  });
  const cloud = (more: object = {}) => ({ access: "cloud", account: account(), uid: simulator.uids[1], ...more });

  describe("search", () => {
    it("lists the CEMMs that answer with name and firmware, and the addresses asked", async () => {
      const port = portIn(simulator.addresses.udp);
      const { status, body } = await ask(nodeRed, "search", { broadcast: "127.0.0.1", port });
      assert.equal(status, 200);
      const found = Found.parse(body);
      assert.deepEqual(found.tried, ["127.0.0.1"]);
      assert.equal(found.port, Number(port));
      const plus = found.cemms.find(({ uid }) => uid === simulator.uids[0]);
      assert.deepEqual(plus, {
        uid: simulator.uids[0],
        mac: simulator.uids[0]?.replaceAll("-", ":"),
        host: simulator.addresses.lan[0],
        model: "CEMM_plus",
        core: "1.25",
        name: "CEMM Plus",
        firmware: "2.26.0.0",
      });
      assert.equal(found.cemms.length, 2);
    });

    it("finds nothing without an error", async () => {
      const { status, body } = await ask(nodeRed, "search", { broadcast: "127.0.0.1", port: 9 });
      assert.equal(status, 200);
      assert.deepEqual(Found.parse(body).cemms, []);
    });

    it("finds no simulator that happens to run on this machine, at the port where CEMMs listen", async () => {
      const listening = createSocket("udp4").on("error", () => {});
      const answer = JSON.stringify({ mac: "00:1E:C0:00:00:01" });
      listening.on("message", (_, { port, address }) => listening.send(answer, port, address));
      // If the port is taken, another simulator has it, which must not be found either.
      await new Promise<void>((resolve) => listening.once("error", () => resolve()).bind(9777, "0.0.0.0", resolve));
      const { body } = await ask(nodeRed, "search", { broadcast: "127.0.0.1" });
      listening.close();
      assert.deepEqual(Found.parse(body).cemms, []);
    });

    it("refuses an invalid address", async () => {
      const { status, body } = await ask(nodeRed, "search", { broadcast: "here" });
      assert.equal(status, 422);
      assert.equal(Refused.parse(body).code, "CEMM_INPUT");
    });
  });

  describe("the test of a CEMM", () => {
    const only = async <T>(values: object, schema: z.ZodType<T>): Promise<T> => {
      const { status, body } = await ask(nodeRed, "device/test", values);
      assert.equal(status, 200);
      const { routes } = z.object({ routes: z.array(z.unknown()) }).parse(body);
      assert.equal(routes.length, 1);
      return schema.parse(routes[0]);
    };
    const works = (values: object) => only(values, Working);
    const fails = (values: object) => only(values, Failed);

    it("reports name, firmware, meters and duration on the LAN", async () => {
      const tested = await works(lan());
      assert.equal(tested.route, "lan");
      assert.equal(tested.name, "CEMM Plus");
      assert.equal(tested.firmware, "2.26.0.0");
      assert.equal(tested.uid, simulator.uids[0]);
      assert(tested.ms >= 0);
      assert.deepEqual(tested.meters[0], { alias: "p1", type: "p1", port: 3 });
    });

    it("reports the meters through the cloud", async () => {
      const tested = await works(cloud());
      assert.equal(tested.route, "cloud");
      assert.equal(tested.uid, simulator.uids[1]);
      assert(tested.meters.length > 0);
    });

    it("tries both routes where both are used", async () => {
      const { body } = await ask(nodeRed, "device/test", {
        ...lan(),
        access: "auto",
        account: account(),
        uid: simulator.uids[0],
      });
      assert.deepEqual(
        TestedRoutes.parse(body).routes.map(({ route, error }) => [route, error]),
        [
          ["lan", undefined],
          ["cloud", undefined],
        ],
      );
    });

    it("says that another CEMM answers, and which", async () => {
      const { error, other } = await fails(lan({ uid: simulator.uids[1] }));
      assert.equal(error.code, "CEMM_WRONG_DEVICE");
      assert.equal(other, simulator.uids[0]);
    });

    it("says that the account has another CEMM", async () => {
      const { error } = await fails(cloud({ uid: "00-00-00-00-00-01" }));
      assert.equal(error.code, "CEMM_WRONG_DEVICE");
      assert(error.message.includes(simulator.uids[0] ?? "-"));
    });

    it("says that the account has several, where none is chosen", async () => {
      const { error } = await fails(cloud({ uid: "" }));
      assert.equal(error.code, "CEMM_CONFIG");
    });

    it("says that nothing answers", async () => {
      const closed = createServer().listen(0, "127.0.0.1");
      await new Promise((resolve) => closed.once("listening", resolve));
      const port = portOf(closed.address());
      await new Promise((resolve) => closed.close(resolve));
      const { error } = await fails(lan({ host: `127.0.0.1:${port}`, timeout: 2 }));
      assert.equal(error.code, "CEMM_UNREACHABLE");
    });

    it("says that no answer came in time", async () => {
      const silent = createServer().listen(0, "127.0.0.1");
      await new Promise((resolve) => silent.once("listening", resolve));
      const { error, ms } = await fails(lan({ host: `127.0.0.1:${portOf(silent.address())}`, timeout: 1 }));
      silent.close();
      assert.equal(error.code, "CEMM_TIMEOUT");
      assert(ms < 3000, `${ms} ms`);
    });

    it("knows a CEMM 3.0", async () => {
      const successor = createHttpServer((request, response) => {
        const isInfo = request.url === "/api/v1/public/cemm";
        response.writeHead(isInfo ? 200 : 404, { "content-type": "application/json" });
        response.end(JSON.stringify(isInfo ? { id: 1, name: "CEMM", mac: "00:1E:C0:00:00:01", modules: [] } : {}));
      }).listen(0, "127.0.0.1");
      await new Promise((resolve) => successor.once("listening", resolve));
      const port = portOf(successor.address());
      const { error } = await fails(lan({ host: `127.0.0.1:${port}` }));
      successor.close();
      assert.equal(error.code, "CEMM_NOT_SUPPORTED");
    });

    it("says which environment variable is not set", async () => {
      const { error } = await fails(lan({ host: ["$", "{NO_SUCH_VARIABLE}"].join("") }));
      assert.equal(error.code, "CEMM_CONFIG");
      assert.match(error.message, /NO_SUCH_VARIABLE/);
    });

    it("takes variables of the process's environment", async () => {
      const tested = await works(lan({ host: variable("CEMM_TEST_HOST"), uid: variable("CEMM_TEST_MAC") }));
      assert.equal(tested.uid, simulator.uids[0]);
    });

    it("takes variables of Node-RED's global environment", async () => {
      const tested = await works(lan({ id: "new", host: variable(HOST_VARIABLE.name) }));
      assert.equal(tested.uid, simulator.uids[0]);
    });

    it("takes an account that is not deployed yet, with its key as typed", async () => {
      const tested = await works(cloud({ account: account({ id: "new", apiKey: KEY }) }));
      assert.equal(tested.uid, simulator.uids[1]);
    });

    it("says that an account has no key, and that none is chosen", async () => {
      const { error } = await fails(cloud({ account: account({ id: "new" }) }));
      assert.equal(error.code, "CEMM_CONFIG");
      assert.match(error.message, /no API key/);
      const { error: none } = await fails(cloud({ account: {} }));
      assert.match(none.message, /no account/);
    });

    for (const [what, values, code] of [
      ["an address", { host: "http://a b" }, "CEMM_CONFIG"],
      ["a MAC", { uid: "nonsense" }, "CEMM_CONFIG"],
      ["a time zone", { timezone: "Mars/Olympus" }, "CEMM_CONFIG"],
      ["a time limit", { timeout: "soon" }, "CEMM_CONFIG"],
    ] as const) {
      it(`says that ${what} cannot be used`, async () => {
        assert.equal((await fails(lan(values))).error.code, code);
      });
    }
  });

  describe("the meters of a CEMM", () => {
    it("come with their aliases on the LAN", async () => {
      const { body } = await ask(nodeRed, "device/meters", lan());
      const aliases = Meters.parse(body).meters.map(({ alias }) => alias);
      assert.deepEqual(aliases, ["p1", "p1-gas", "s01", "pulse-3", "mb3"]);
    });

    it("come with their aliases through the cloud, which does not list them", async () => {
      const { body } = await ask(nodeRed, "device/meters", cloud());
      const aliases = Meters.parse(body).meters.map(({ alias }) => alias);
      assert.deepEqual(aliases, ["p1", "p1-gas", "s01"]);
    });

    it("are an error where the CEMM cannot be asked", async () => {
      const { status, body } = await ask(nodeRed, "device/meters", cloud({ account: account({ id: "new" }) }));
      assert.equal(status, 422);
      assert.equal(Refused.parse(body).code, "CEMM_CONFIG");
    });
  });

  describe("diagnostics", () => {
    const textOf = async (values: object): Promise<string> => {
      const { status, body } = await ask(nodeRed, "device/diagnostics", values);
      assert.equal(status, 200);
      return z.object({ text: z.string() }).parse(body).text;
    };

    it("are a text for each route, without key, address and whole MAC", async () => {
      const uid = simulator.uids[0] ?? assert.fail();
      const text = await textOf({ ...lan(), access: "auto", account: account(), uid });
      assert.match(text, /^Node-RED \d/);
      assert.equal(text.match(/^access: /gm)?.length, 2);
      for (const secret of [KEY, uid, simulator.addresses.lan[0] ?? ""]) assert.ok(!text.includes(secret), text);
    });

    it("say by its code what is wrong with a field", async () => {
      assert.match(await textOf(lan({ host: "http://a b" })), /^lan: CEMM_CONFIG$/m);
    });
  });

  describe("yesterday, for a trigger", () => {
    const rule = { measure: "value", direction: "above", on: "500", off: "300", onDelay: 120, minOn: 600 };
    const meterOf = (device: object, more: object = {}) => ({ alias: "p1", device, ...more });
    const dayOf = async (device: object, values: object = {}): Promise<z.infer<typeof Day>> => {
      const question = { ...rule, meter: meterOf(device), ...values };
      const { status, body, text } = await ask(nodeRed, "trigger/day", question);
      assert.equal(status, 200, text);
      return Day.parse(body);
    };
    const refuses = async (values: object): Promise<string> => {
      const { status, body } = await ask(nodeRed, "trigger/day", { ...rule, meter: meterOf(lan()), ...values });
      assert.equal(status, 422);
      return Refused.parse(body).code;
    };

    it("is what the CEMM recorded, with when the trigger's own decision would have been on", async () => {
      const day = await dayOf(lan());
      const client = new CemmClient({ host: simulator.addresses.lan[0] });
      const period = client.period("day", day.start);
      const { channels } = await client.history("p1", period);
      client.close();
      const samples = channels.electric_power?.samples ?? assert.fail();
      assert.deepEqual([day.start, day.end, day.timezone], [period.start, period.end, period.timezone]);
      assert(day.end <= Date.now() && Date.now() < day.end + 25 * 3_600_000);
      assert(samples.length > 1300);
      assert.deepEqual(
        day.samples,
        samples.map(({ time, value }) => [time, value]),
      );
      const verdicts = replay(triggerRule(rule), { on: 500, off: 300 }, samples, period.end);
      assert(day.on.length > 0);
      assert.deepEqual(day.on, timesOn(verdicts, period.end));
      assert.equal(day.switchings, verdicts.length - 1);
    });

    it("counts being on at the start as a switching", async () => {
      const { on, switchings, samples, end } = await dayOf(lan(), { on: -1e6, off: -1e6, onDelay: 0 });
      assert.deepEqual([on, switchings], [[{ from: samples[0]?.[0], to: end }], 1]);
    });

    it("has no gaps between its minutes, however soon values count as lost", async () => {
      const { on } = await dayOf(lan(), { on: -1e6, off: -1e6, onDelay: 0, lostAfter: 10 });
      assert.equal(on.length, 1);
    });

    it("comes through the cloud, where the network does not answer too, and from another CEMM", async () => {
      const direct = await dayOf(cloud());
      const dead = { ...lan(), access: "auto", host: "127.0.0.1:9", account: account(), uid: simulator.uids[1] };
      assert.deepEqual(await dayOf(dead), direct);
      const other = meterOf(cloud({ uid: simulator.uids[0] }), { target: simulator.uids[1] });
      assert.deepEqual(await dayOf({}, { meter: other }), direct);
    });

    it("names what is recorded, where the channel is not", async () => {
      const { channels, samples, on } = await dayOf(lan(), { channel: "flow" });
      assert.deepEqual([channels, samples, on], [["electric_power"], [], []]);
    });

    it("is asked for once, while the fields of the rule change", async () => {
      let asked = 0;
      const counting = createHttpServer((request, response) => {
        if (request.url?.includes("/day")) asked++;
        fetch(`http://${simulator.addresses.lan[0]}${request.url}`).then(
          async (answer) =>
            response.writeHead(answer.status, { "content-type": "application/json" }).end(await answer.text()),
          () => response.destroy(),
        );
      }).listen(0, "127.0.0.1");
      await new Promise((resolve) => counting.once("listening", resolve));
      const host = `127.0.0.1:${portOf(counting.address())}`;
      for (const on of [500, 600, 700]) await dayOf(lan({ host }), { on });
      assert.equal(asked, 1);
      await dayOf({}, { meter: meterOf(lan({ host }), { alias: "s01" }) });
      assert.equal(asked, 2);
      counting.close();
    });

    for (const [what, values] of [
      ["no threshold", { on: "" }],
      ["a threshold that is no number", { off: "many" }],
      ["thresholds that overlap", { off: "600" }],
      ["a time that is none", { onDelay: "soon" }],
      ["a measure that is none", { measure: "median" }],
      ["an alias that is none", { meter: { alias: "P 1" } }],
    ] as const) {
      it(`is refused for ${what}`, async () => assert.equal(await refuses(values), "CEMM_INPUT"));
    }

    it("says why the CEMM cannot be asked", async () => {
      assert.equal(await refuses({ meter: meterOf(lan({ host: "http://a b" })) }), "CEMM_CONFIG");
      assert.equal(await refuses({ meter: meterOf(lan(), { alias: "mb9" }) }), "CEMM_ALIAS_UNSUPPORTED");
    });

    it("takes the variables that the trigger will see: of its group, its tab, its subflow", async () => {
      const on = variable("CEMM_TEST_LIMIT");
      const timesOf = async (values: object) => (await dayOf(lan(), { off: "-600", onDelay: 0, ...values })).on;
      const [tab, group, subflow] = [
        await timesOf({ on: -500 }),
        await timesOf({ on: 500 }),
        await timesOf({ on: 3000 }),
      ];
      for (const [place, expected] of [
        [{ id: "of-tab", z: "tab" }, tab],
        [{ id: "new", z: "tab" }, tab],
        [{ id: "of-group", z: "tab", g: "group" }, group],
        [{ id: "new", z: "tab", g: "group" }, group],
        [{ id: "new", z: "template" }, subflow],
      ] as const)
        assert.deepEqual(await timesOf({ ...place, on }), expected, JSON.stringify(place));
      assert.equal(new Set([tab, group, subflow].map((times) => JSON.stringify(times))).size, 3);
    });
  });

  describe("an account", () => {
    const typed = (more: object) => ({ baseUrl: simulator.addresses.cloud, apiKey: KEY, id: "account", ...more });

    it("is tested with the key as typed", async () => {
      const { body } = await ask(nodeRed, "account/test", typed({ id: "never-deployed" }));
      assert.deepEqual(Uids.parse(body).uids, [...simulator.uids].sort());
    });

    it("is tested with the stored key, where the field shows the placeholder", async () => {
      const { body, text } = await ask(nodeRed, "account/test", typed({ apiKey: PLACEHOLDER }));
      assert.equal(Uids.parse(body).uids.length, 2);
      assert(!text.includes(KEY));
    });

    it("is not sent the stored key at another address", async () => {
      let asked = 0;
      const other = createHttpServer((_, response) => {
        asked++;
        response.end();
      }).listen(0, "127.0.0.1");
      await new Promise((resolve) => other.once("listening", resolve));
      const baseUrl = `http://127.0.0.1:${portOf(other.address())}/v1/`;
      const { status, body } = await ask(nodeRed, "account/test", typed({ apiKey: PLACEHOLDER, baseUrl }));
      other.close();
      assert.equal(status, 422);
      assert.equal(Refused.parse(body).code, "CEMM_KEY_AGAIN");
      assert.equal(asked, 0);
    });

    for (const [what, values, code] of [
      ["a wrong key", { apiKey: "wrong" }, "CEMM_UNAUTHORIZED"],
      ["no key", { apiKey: "" }, "CEMM_CONFIG"],
      ["a stored key that is not there", { apiKey: PLACEHOLDER, id: "keyless" }, "CEMM_CONFIG"],
      ["plain http to another machine", { baseUrl: "http://192.0.2.1/v1/" }, "CEMM_CONFIG"],
    ] as const) {
      it(`says what is wrong: ${what}`, async () => {
        const { status, body, text } = await ask(nodeRed, "account/test", typed(values));
        assert.equal(status, 422);
        assert.equal(Refused.parse(body).code, code);
        assert(!text.includes(KEY));
      });
    }
  });

  describe("a cloud that is not reached", () => {
    const untrusted = createTlsServer({ key: SELF_SIGNED, cert: SELF_SIGNED }, (_, response) => response.end());
    let port: number;
    before(async () => {
      await new Promise<void>((resolve) => untrusted.listen(0, "127.0.0.1", resolve));
      port = portOf(untrusted.address());
    });
    after(() => untrusted.close());

    const rows: [string, () => string, string][] = [
      ["its name is not known", () => "https://cemm-test.invalid/v1/", "CLOUD_NAME"],
      ["its certificate is not trusted", () => `https://127.0.0.1:${port}/v1/`, "CLOUD_CERTIFICATE"],
      ["it refuses the connection", () => "http://127.0.0.1:9/v1/", "CLOUD_UNREACHABLE"],
    ];
    for (const [what, baseUrl, code] of rows) {
      it(`is distinguished from a CEMM: ${what}`, async () => {
        const typed = account({ id: "new", apiKey: KEY, baseUrl: baseUrl() });
        const { body } = await ask(nodeRed, "account/test", typed);
        assert.equal(Refused.parse(body).code, code);
        const { body: tested } = await ask(nodeRed, "device/test", cloud({ account: typed }));
        assert.equal(TestedRoutes.parse(tested).routes[0]?.error?.code, code);
      });
    }
  });

  describe("whatever is asked", () => {
    for (const [what, body] of [
      ["an array", []],
      ["a text", "search"],
      ["a field that is no text", { broadcast: { a: 1 } }],
      ["a field that is too long", { broadcast: "1".repeat(501) }],
    ] as const) {
      it(`is refused as ${what}`, async () => {
        const response = await nodeRed.admin("cemm/search", { method: "POST", body });
        assert.equal(response.status, 400);
      });
    }

    it("is refused as a form, which a page of another site could send", async () => {
      const headers = { "content-type": "application/x-www-form-urlencoded" };
      const response = await fetch(new URL("cemm/search", nodeRed.adminUrl), {
        method: "POST",
        headers,
        body: "port=1",
      });
      assert.equal(response.status, 400);
    });

    it("is refused beyond four at once", async () => {
      const body = { broadcast: "127.0.0.1", port: 9 };
      const asked = await Promise.all(Array.from({ length: 6 }, () => ask(nodeRed, "search", body)));
      const codes = asked.map(({ status, body }) => (status === 200 ? "" : Refused.parse(body).code)).sort();
      assert.deepEqual(codes, ["", "", "", "", "CEMM_BUSY", "CEMM_BUSY"]);
    });

    it("ends when the dialog is closed", async () => {
      const url = new URL("cemm/search", nodeRed.adminUrl);
      const headers = { "content-type": "application/json" };
      const body = JSON.stringify({ broadcast: "127.0.0.1", port: 9 });
      const leave = () =>
        assert.rejects(fetch(url, { method: "POST", headers, body, signal: AbortSignal.timeout(200) }));
      await Promise.all([leave(), leave(), leave(), leave()]);
      // If they were still running, there would be no room for another.
      await new Promise((resolve) => setTimeout(resolve, 200));
      const { status } = await ask(nodeRed, "search", { broadcast: "127.0.0.1", port: 9 });
      assert.equal(status, 200);
    });

    it("is answered below httpAdminRoot only", async () => {
      const response = await fetch(`${nodeRed.url}/cemm/search`, { method: "POST" });
      assert.equal(response.status, 404);
    });
  });

  it("never had the key in the log", () => {
    assert(!nodeRed.log().includes(KEY));
  });
});

describe("the dialogs' admin routes with adminAuth", () => {
  // Of "secret".
  const password = "$2b$08$zzqUOjRoy16C91mW8NJof.Uw5AoVMnaAXRU26zLok/an/mVXCagXq";
  let nodeRed: NodeRed;

  before(async function () {
    this.timeout(40_000);
    const users = [
      { username: "editor", password, permissions: "*" },
      { username: "reader", password, permissions: "read" },
      { username: "other", password, permissions: ["read", "cemm.write"] },
    ];
    nodeRed = await startNodeRed({
      settings: { adminAuth: { type: "credentials", users } },
      login: { username: "editor", password: "secret" },
    });
  });
  after(() => nodeRed?.stop());

  for (const { method, path } of adminRoutes()) {
    it(`refuses ${path} without login, and without permission to deploy`, async () => {
      for (const token of [undefined, await tokenOf("reader"), await tokenOf("other", "cemm.write")]) {
        const headers = { "content-type": "application/json", ...(token && { authorization: `Bearer ${token}` }) };
        const url = new URL(path.slice(1), nodeRed.adminUrl);
        const response = await fetch(url, { method: method.toUpperCase(), headers, body: "{}" });
        assert.equal(response.status, 401);
      }
    });
  }

  it("answers users who can deploy", async () => {
    const { status } = await ask(nodeRed, "search", { broadcast: "127.0.0.1", port: 9 });
    assert.equal(status, 200);
  });

  async function tokenOf(username: string, scope = "read"): Promise<string> {
    const body = { client_id: "node-red-admin", grant_type: "password", scope, username, password: "secret" };
    const response = await nodeRed.admin("auth/token", { method: "POST", body });
    return Login.parse(await response.json()).access_token;
  }
});
