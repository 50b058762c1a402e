/** Many deploys, many messages, wrong types in every property. */
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { endFlow, flowOf, flows, nodeOf, type Properties, startFlow, startFlows } from "../support/flow.js";
import { errorOf } from "../support/flow-seen.js";
import helper from "../support/node-red-helper.js";
import { KEY, testbed, UID } from "../support/server.js";
import { good, json, later, silence, status } from "../support/server-answers.js";

describe("life", () => {
  flows();
  const bed = testbed();
  const warnings: string[] = [];
  const onWarning = ({ name }: Error) => void warnings.push(name);
  before(() => process.on("warning", onWarning));
  after(() => process.off("warning", onWarning));

  it("50 redeploys under load return the number of sockets and timers to the baseline", async () => {
    const lan = await bed.serve(later(20, good));
    const cloud = await bed.serve(later(20, good));
    const options = {
      node: { type: "cemm-realtime", repeat: 1 },
      device: { access: "auto", host: lan.host, uid: UID },
      account: { baseUrl: `http://${cloud.host}/v1/`, apiKey: KEY },
      more: ["cemm-history", "cemm-totals"].map((type) => ({ id: `a-${type}`, type, device: "device", wires: [] })),
    };
    const { nodes, credentials } = flowOf(options);
    await startFlow(options);
    const baseline = await settled();
    for (let n = 0; n < 50; n++) {
      for (const id of ["node", "a-cemm-history", "a-cemm-totals"]) nodeOf(id).receive({ target: n });
      await helper.setFlows(nodes, "full", credentials);
    }
    await endFlow();
    await delay(100);
    assert.deepEqual([lan.sockets.size, cloud.sockets.size], [0, 0]);
    const left = await settled();
    for (const [kind, count] of left) assert.ok(count <= (baseline.get(kind) ?? 0), `${kind}: ${count}`);
  });

  it("of 10,100 messages at once that wait, 100 are refused with a code", async () => {
    const { stackTraceLimit } = Error;
    // The test helper takes a stack trace of every call: that would be most of the time.
    Error.stackTraceLimit = 0;
    const server = await bed.serve(silence);
    const device = { host: server.host, timeout: 60 };
    const flow = await startFlow({ node: { type: "cemm-realtime" }, device, isQuiet: true });
    for (let n = 0; n < 10_100; n++) flow.give();
    while (flow.caught.all.length < 100) await delay(20);
    const codes = new Set(flow.caught.all.map((msg) => errorOf(msg).code));
    assert.deepEqual([flow.caught.all.length, ...codes], [100, "CEMM_RATE_LIMITED"]);
    await endFlow();
    Error.stackTraceLimit = stackTraceLimit;
  }).timeout(30_000);

  it("an input storm of 10,000 messages ends in 10,000 dones, half of them failures", async () => {
    const { stackTraceLimit } = Error;
    // The test helper takes a stack trace of every call: that would be most of the time.
    Error.stackTraceLimit = 0;
    const server = await bed.serve((response, n) => {
      const isKnown = response.req.url?.includes("/p1/") ?? false;
      return (isKnown ? good : status(404))(response, n);
    });
    const node = { type: "cemm-realtime", alias: "alias", aliasType: "msg" };
    const flow = await startFlow({ node, device: { host: server.host, timeout: 60 }, isQuiet: true });
    for (let n = 0; n < 10_000; n++) flow.give({ alias: n % 2 ? "p1" : "mb9" });
    while (flow.completed.all.length + flow.caught.all.length < 10_000) await delay(20);
    await delay(50);
    Error.stackTraceLimit = stackTraceLimit;
    const ids = new Set([...flow.completed.all, ...flow.caught.all].map(({ _msgid }) => _msgid));
    assert.equal(ids.size, 10_000);
    assert.deepEqual([flow.completed.all.length, flow.caught.all.length, flow.sent.all.length], [5000, 5000, 5000]);
    assert.equal(server.busiest, 1, "one request at a time for a LAN host");
    assert.ok(!warnings.includes("MaxListenersExceededWarning"));
  }).timeout(30_000);

  const WRONG: unknown[] = [null, true, -1, 1e308, "", "\0", "${", [], [[]], {}, { type: "x" }, ["a", "b"]];
  const PROPERTIES: Record<string, string[]> = {
    "cemm-realtime": ["device", "topic", "alias", "aliasType", "target", "targetType", "format", "split", "repeat"],
    "cemm-totals": ["device", "alias", "aliasType", "target", "time", "timeType", "format", "split"],
    "cemm-history": ["period", "periodType", "time", "timeType", "to", "toType", "format", "deliver", "alias"],
    "cemm-discover": ["source", "account", "timeout", "broadcast", "port", "details", "deliver", "topic"],
    "cemm-device": ["name", "access", "host", "uid", "account", "timezone", "timeout"],
    "cemm-account": ["name", "baseUrl"],
  };
  for (const [type, names] of Object.entries(PROPERTIES)) {
    it(`${type}: wrong types in every property never crash; each message ends in one done, each error has its code`, async () => {
      const day = json({ data: { electric_power: [] }, totals: { t1: [1_632_948_526_000, 1] } });
      const { host } = await bed.serve(type === "cemm-history" ? day : good);
      for (const name of names) {
        // A timeout of nothing is the default, five seconds.
        const values = name === "timeout" ? WRONG.filter(Boolean) : WRONG;
        const flows = await startFlows(values.map((wrong) => wrongly(type, host, { [name]: wrong })));
        const ends = await Promise.all(flows.map((flow) => flow.end({ payload: 1 })));
        for (const { caught } of ends)
          if (caught) assert.match(errorOf(caught).code ?? errorOf(caught).message, /^CEMM_/);
        await endFlow();
      }
    }).timeout(20_000);
  }

  /** The type with wrong properties, with all else as it should be. */
  function wrongly(type: string, host: string, wrong: Properties) {
    const isConfig = type === "cemm-device" || type === "cemm-account";
    const search = { broadcast: "127.0.0.1", port: 9, timeout: 0.01 };
    const node = isConfig ? { type: "cemm-realtime" } : { type, ...search, ...wrong };
    const own = { access: type === "cemm-account" ? "cloud" : "lan", host, uid: UID, timeout: 0.3 };
    return {
      node,
      device: type === "cemm-device" ? { ...own, ...wrong } : own,
      account: { baseUrl: `http://${host}/v1/`, apiKey: KEY, ...(type === "cemm-account" && wrong) },
    };
  }

  it("wrong types in every property of the message never crash; each ends in one done", async () => {
    const { host } = await bed.serve(json({ data: { electric_power: [] } }));
    const fields = ["alias", "target", "period", "time", "to"].flatMap((name) => [
      [name, name],
      [`${name}Type`, "msg"],
    ]);
    const node = { type: "cemm-history", ...Object.fromEntries(fields) };
    const flow = await startFlow({ node, device: { host } });
    const sound = { alias: "p1", target: "", period: "day", time: "2026-01-01", to: "2026-01-02" };
    await flow.answer(sound);
    for (const name of [...Object.keys(sound), "topic", "payload", "parts"]) {
      for (const wrong of WRONG) {
        const { caught } = await flow.end({ ...sound, [name]: wrong });
        if (caught) assert.match(errorOf(caught).code ?? errorOf(caught).message, /^CEMM_/);
      }
    }
  });

  async function settled(): Promise<Map<string, number>> {
    await delay(50);
    const counts = new Map<string, number>();
    for (const kind of process.getActiveResourcesInfo()) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    // Of the test's own waiting.
    counts.delete("Immediate");
    return counts;
  }
});
