/** `cemm-discover`: on the network and in an account. Only uses the loopback address. */
import assert from "node:assert/strict";
import type { NodeMessage } from "node-red";
import { type Simulator, startSimulator } from "../../src/simulator/simulator.js";
import { endFlow, flows, startFlow } from "../support/flow.js";
import { originOf } from "../support/flow-seen.js";
import { eventually, KEY, testbed, UID } from "../support/server.js";
import { type Answer, body, json, later, silence, status } from "../support/server-answers.js";
import { udpCemm } from "../support/server-udp.js";

const type = "cemm-discover";

describe("cemm-discover", () => {
  flows();
  const bed = testbed();
  let simulator: Simulator;
  let lan: Record<string, unknown>;
  let uids: string[];

  before(async () => {
    simulator = await startSimulator({ lanPort: 0, cloudPort: 0, udpPort: 0, devices: 3 });
    const port = simulator.addresses.udp.split(":").at(-1);
    lan = { type, source: "lan", broadcast: "127.0.0.1", port, timeout: 0.3 };
    uids = simulator.uids.toSorted();
  });
  after(() => simulator.close());

  const onLan = (more: Record<string, unknown> = {}) => startFlow({ node: { type, ...lan, ...more } });
  const inCloud = (more: Record<string, unknown> = {}, apiKey = simulator.apiKey) =>
    startFlow({
      node: { type, source: "cloud", ...more },
      account: { baseUrl: simulator.addresses.cloud, apiKey },
    });

  /** The expected entry of a simulated CEMM. */
  const expected = (uid: string) => ({
    uid,
    mac: uid.replaceAll("-", ":"),
    host: simulator.addresses.lan[simulator.uids.indexOf(uid)],
    model: simulator.uids.indexOf(uid) === 0 ? "CEMM_plus" : "CEMM_basic",
    core: "1.25",
    initState: 1,
    source: "lan",
  });

  it("lan, deliver one: an array, sorted by uid, one entry for each MAC; host is where the answer came from", async () => {
    const flow = await onLan();
    const answer = await flow.answer({ kept: true });
    assert.deepEqual(answer.payload, uids.map(expected));
    assert.equal(answer.topic, "cemm/discover");
    assert.equal(answer.kept, true);
    assert.deepEqual(flow.shown(), ["blue ring asking", "green dot found"]);
  });

  it("sets msg.cemm", async () => {
    const flow = await onLan();
    const { requestedAt, receivedAt, ...origin } = originOf(await flow.answer());
    assert.ok(receivedAt - requestedAt >= 290, "it listens for the whole time");
    const nothing = {
      uid: null,
      device: "",
      alias: null,
      ioId: null,
      time: null,
      age: null,
      stale: false,
      channels: {},
    };
    assert.deepEqual(origin, { ...nothing, kind: "discover", source: "lan" });
  });

  it("lan, deliver each: a message for each CEMM as it is found", async () => {
    const flow = await onLan({ deliver: "each", timeout: 1 });
    const began = performance.now();
    const id = flow.give({ payload: "asked", list: [1] });
    await flow.sent.take(3);
    assert.ok(performance.now() - began < 900, "sooner than the time is up");
    const { sent } = await flow.ended(id);
    const found = sent.map(({ payload, cemm }) => [payload, originOf({ cemm }).uid]);
    assert.deepEqual(
      found.sort((a, b) => (String(a[1]) < String(b[1]) ? -1 : 1)),
      uids.map((uid) => [expected(uid), uid]),
    );
    for (const [index, { parts, list, topic }] of sent.entries()) {
      assert.deepEqual(Object.entries(parts ?? {}).slice(1), [
        ["type", "array"],
        ["index", index],
      ]);
      assert.deepEqual([list, topic], [[1], "cemm/discover"]);
    }
  });

  it("details: also asks each CEMM for its name, firmware and meters", async () => {
    const flow = await onLan({ details: true });
    const { payload } = await flow.answer();
    assert(Array.isArray(payload));
    const first = payload.find(({ uid }) => uid === simulator.uids[0]);
    const { name, firmware, meters, ...rest } = first;
    assert.deepEqual([name, firmware], ["CEMM Plus", "2.26.0.0"]);
    assert.deepEqual(rest, expected(rest.uid));
    assert.deepEqual(Object.keys(meters[0]).sort(), ["alias", "ioId", "port", "portOption", "type", "unitId"]);
    assert.equal(meters[0].alias, "p1");
  });

  it("sends an empty array, not an error, if none is found", async () => {
    const flow = await onLan({ port: 1 });
    assert.deepEqual((await flow.answer()).payload, []);
    await endFlow();
    const each = await onLan({ port: 1, deliver: "each" });
    const { sent, caught } = await each.end();
    assert.deepEqual([sent, caught], [[], undefined]);
  });

  it("broadcast: a comma-separated list of addresses; a CEMM that receives both is listed once", async () => {
    const flow = await onLan({ broadcast: "127.0.0.1, 127.255.255.255,127.0.0.1" });
    assert.deepEqual((await flow.answer()).payload, uids.map(expected));
  });

  it("broadcast blank: every interface's broadcast address", async () => {
    const flow = await onLan({ broadcast: " " });
    assert.deepEqual((await flow.answer()).payload, uids.map(expected));
  });

  const WRONG: Record<string, unknown>[] = [
    { broadcast: "192.168.1.256" },
    { broadcast: "localhost" },
    { broadcast: "::1" },
    { broadcast: "127.0.0.1;127.0.0.2" },
    { broadcast: "127.0.0.1,".repeat(100).concat("127.0.0.1") },
    { port: 70_000 },
    { port: "discard" },
    { port: -1 },
    { timeout: -1 },
    { timeout: "soon" },
    { timeout: 1e9 },
    { source: "usb" },
  ];
  for (const wrong of WRONG) {
    it(`CEMM_INPUT for ${JSON.stringify(wrong).slice(0, 60)}`, async () => {
      const flow = await onLan(wrong);
      assert.equal((await flow.error()).code, "CEMM_INPUT");
    });
  }

  it("cloud, deliver one: entries have no host", async () => {
    const flow = await inCloud({ topic: "mine" });
    const answer = await flow.answer();
    const nothing = { model: null, core: null, initState: null, source: "cloud" };
    assert.deepEqual(
      answer.payload,
      uids.map((uid) => ({ uid, mac: uid.replaceAll("-", ":"), ...nothing })),
    );
    assert.deepEqual([answer.topic, originOf(answer).source], ["mine", "cloud"]);
  });

  it("cloud, deliver each: msg.parts with count, from which a join node restores the array", async () => {
    const join = { id: "joiner", type: "join", mode: "auto", wires: [["sent"]] };
    const flow = await startFlow({
      node: { type, source: "cloud", deliver: "each" },
      wires: ["joiner"],
      account: { baseUrl: simulator.addresses.cloud, apiKey: simulator.apiKey },
      more: [join],
    });
    flow.give();
    const { payload }: NodeMessage = await flow.sent.next();
    assert(Array.isArray(payload));
    assert.deepEqual(
      payload.map(({ uid }) => uid),
      uids,
    );
  });

  it("cloud, details: the meters; the cloud does not list the aliases", async () => {
    const flow = await inCloud({ details: true });
    const { payload } = await flow.answer();
    assert(Array.isArray(payload));
    for (const { meters } of payload) assert.deepEqual([meters[0].type, meters[0].alias], ["p1", null]);
  });

  it("cloud: CEMM_UNAUTHORIZED for a wrong key", async () => {
    const flow = await inCloud({}, "wrong");
    assert.equal((await flow.error()).code, "CEMM_UNAUTHORIZED");
  });

  it("cloud: CEMM_CONFIG without an account", async () => {
    const flow = await startFlow({ node: { type, source: "cloud" } });
    assert.equal((await flow.error()).code, "CEMM_CONFIG");
  });

  it("details: a CEMM that does not give them is listed without them", async () => {
    const server = await bed.serve((response, n) =>
      (n === 0 ? json({ data: [{ uid: UID }] }) : status(500))(response, n),
    );
    const account = { baseUrl: `http://${server.host}/v1/`, apiKey: KEY };
    const flow = await startFlow({ node: { type, source: "cloud", details: true }, account });
    const { payload } = await flow.answer();
    assert(Array.isArray(payload));
    assert.deepEqual([payload[0].uid, "meters" in payload[0]], [UID, false]);
  });

  describe("details: a CEMM that hangs", () => {
    const OTHER = "02-00-00-00-00-01";
    const nothing = { source: "lan", model: null, core: null, initState: null };

    /** Two CEMMs, of which the one that hangs is found first. */
    async function hangingAndOther() {
      const hanging = await bed.serve(silence, { root: silence });
      const other = await bed.serve(json({ data: [{ io_id: 1, type: "p1" }] }), {
        root: json({ data: { mac: OTHER, name: "Other" } }),
      });
      const answers = [hanging, other].map(({ host }, n) => ({
        mac: n === 0 ? UID : OTHER,
        port: Number(host.split(":").at(-1)),
      }));
      const udp = await udpCemm("127.0.0.1", () => answers);
      bed.kept(udp, udp.close);
      return { udp, entry: { uid: UID, mac: "00:1E:C0:85:96:CC", host: hanging.host, ...nothing } };
    }

    it("is listed without them, and does not hold up the answer for long", async () => {
      const { udp, entry } = await hangingAndOther();
      const flow = await onLan({ port: udp.port, details: true });
      const began = performance.now();
      const { payload } = await flow.answer();
      assert.ok(performance.now() - began < 2500);
      assert(Array.isArray(payload));
      const [first, second, ...more] = payload;
      assert.deepEqual([first, second.name, second.meters?.length, more], [entry, "Other", 1, []]);
    });

    it("does not hold up the others: their messages come before its own", async () => {
      const { udp, entry } = await hangingAndOther();
      const flow = await onLan({ port: udp.port, details: true, deliver: "each", timeout: 2 });
      const { sent } = await flow.end();
      const [first, second, ...more] = sent.map(({ payload }) => Object(payload));
      assert.deepEqual([first.uid, first.name, first.meters?.length], [OTHER, "Other", 1]);
      assert.deepEqual([second, more], [entry, []]);
    });
  });

  it("3,000 messages at once share one search, and each gets the result", async () => {
    const { stackTraceLimit } = Error;
    // The test helper takes a stack trace of every call, which would take most of the time.
    Error.stackTraceLimit = 0;
    const udp = await udpCemm("127.0.0.2", () => [{ mac: UID }]);
    bed.kept(udp, udp.close);
    const node = { type, ...lan, broadcast: "127.0.0.2", port: udp.port, timeout: 1 };
    const flow = await startFlow({ node, isQuiet: true });
    for (let n = 0; n < 3000; n++) flow.give({ n });
    await eventually(() => flow.completed.all.length === 3000, "all are answered");
    Error.stackTraceLimit = stackTraceLimit;
    assert.ok(flow.sent.all.every(({ payload }) => Array.isArray(payload) && payload.length === 1));
    assert.equal(udp.heard.length, 3, "one search is three broadcasts");
  }).timeout(20_000);

  it("details: 200 forged answers start no further search", async () => {
    const forged = Array.from({ length: 200 }, (_, n) => ({
      mac: (0x020000000000 + n).toString(16).padStart(12, "0"),
      port: 20_000 + n,
    }));
    const udp = await udpCemm("127.0.0.2", () => forged);
    bed.kept(udp, udp.close);
    const flow = await startFlow({
      node: { type, ...lan, broadcast: "127.0.0.2", port: udp.port, details: true },
    });
    const { payload } = await flow.answer();
    assert.ok(Array.isArray(payload) && payload.length > 100);
    assert.equal(udp.heard.length, 3, "one search is three broadcasts");
  });

  it("details: asks 8 CEMMs at a time, and reads at most 4 KiB from each", async () => {
    const uidOf = (n: number) => `02-00-00-00-00-${n.toString(16).padStart(2, "0").toUpperCase()}`;
    let [open, max] = [0, 0];
    const cemm = async (n: number) => {
      const meters = JSON.stringify({ data: [{ io_id: 1, type: "p1" }] });
      const root = later(50, json({ data: { mac: uidOf(n), name: "CEMM" } }));
      const counted: Answer = async (response, asked) => {
        max = Math.max(max, ++open);
        // Also if the client aborts and asks again, on a busy machine.
        response.once("close", () => open--);
        await root(response, asked);
      };
      return bed.serve(body(n === 0 ? meters.padEnd(4 * 1024 + 1) : meters), { root: counted });
    };
    const servers = await Promise.all(Array.from({ length: 24 }, (_, n) => cemm(n)));
    const answers = servers.map(({ host }, n) => ({ mac: uidOf(n), port: Number(host.split(":").at(-1)) }));
    const udp = await udpCemm("127.0.0.1", () => answers);
    bed.kept(udp, udp.close);
    const flow = await startFlow({ node: { type, ...lan, port: udp.port, details: true, timeout: 1 } });
    const { payload } = await flow.answer();
    assert(Array.isArray(payload));
    const complete = payload.map((each) => each.name === "CEMM" && each.meters.length === 1);
    assert.deepEqual(complete, [false, ...Array(23).fill(true)]);
    assert.equal(max, 8);
  });
});
