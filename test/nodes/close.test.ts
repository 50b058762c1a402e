/** A redeploy ends every request, wait and timer immediately; nothing is sent afterwards. */
import assert from "node:assert/strict";
import type { EventEmitter } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { type Flow, flows, inCloud, nodeOf, type Properties, startFlow } from "../support/flow.js";
import helper from "../support/node-red-helper.js";
import { eventually, testbed } from "../support/server.js";
import { type Answer, good, json, later, promised, silence, status } from "../support/server-answers.js";
import { freeUdpPort, udpCemm } from "../support/server-udp.js";

const CASES: { what: string; node: Properties & { type: string }; answer: Answer; access?: string }[] = [
  { what: "a request hangs", node: { type: "cemm-realtime" }, answer: silence },
  { what: "a request hangs in the cloud", node: { type: "cemm-totals" }, answer: silence, access: "cloud" },
  { what: "an answer is about to come", node: { type: "cemm-realtime" }, answer: later(60, good) },
  { what: "an error is about to come", node: { type: "cemm-realtime" }, answer: later(60, status(500)) },
  { what: "a promise is pending", node: { type: "cemm-realtime" }, answer: promised, access: "cloud" },
  { what: "a retry is pending", node: { type: "cemm-realtime" }, answer: status(503), access: "cloud" },
  {
    what: "a range runs",
    node: { type: "cemm-history", time: "40", timeType: "ago", toType: "now", deliver: "each" },
    answer: later(60, json({ data: { electric_power: [] } })),
  },
  { what: "a poll runs", node: { type: "cemm-realtime", repeat: 1 }, answer: later(60, good) },
  { what: "polling has failed", node: { type: "cemm-realtime", repeat: 1 }, answer: status(500) },
  { what: "polling has stopped", node: { type: "cemm-realtime", repeat: 1 }, answer: status(412) },
];

describe("closing a node", () => {
  flows();
  const bed = testbed();

  /** Everything that the node does from now on. */
  function watch({ node }: Flow): string[] {
    const seen: string[] = [];
    const spied: EventEmitter = node;
    for (const method of ["send", "status", "error", "warn", "log"])
      spied.on(`call:${method}`, () => seen.push(method));
    return seen;
  }

  /** In less than a tenth of the time that any of these would take. */
  async function closeAtOnce(): Promise<void> {
    const began = performance.now();
    await helper.clearFlows();
    const took = performance.now() - began;
    assert.ok(took < 500, `${took} ms`);
  }

  for (const { what, node, answer, access = "lan" } of CASES) {
    it(`is immediate while ${what}; nothing is asked, sent or shown afterwards`, async () => {
      const server = await bed.serve(answer);
      const flow = await startFlow({ node, ...inCloud(server.host, { access, host: server.host }) });
      if (!node.repeat) flow.give();
      await eventually(() => server.questions.length > 0, "it is asked");
      await delay(30);

      await closeAtOnce();
      const seen = watch(flow);
      const asked = server.questions.length;
      const ends = [flow.sent, flow.caught, flow.completed].map(({ all }) => all.length);
      await delay(150);
      assert.deepEqual(seen, []);
      assert.equal(server.questions.length, asked);
      assert.deepEqual(
        [flow.sent, flow.caught, flow.completed].map(({ all }) => all.length),
        ends,
      );
      assert.equal(server.sockets.size, 0, "its connections are closed");
    });
  }

  it("is immediate while a search for CEMMs runs, and frees the port", async () => {
    const node = { type: "cemm-discover", broadcast: "127.0.0.1", port: await freeUdpPort(), timeout: 60 };
    const flow = await startFlow({ node });
    flow.give();
    await flow.statuses.next();
    await delay(30);
    await closeAtOnce();
    const seen = watch(flow);
    await delay(50);
    assert.deepEqual(seen, []);
    (await udpCemm("127.0.0.1", () => [], node.port)).close();
  });

  it("that shares a request with another one: the other still gets its answer, the closed one shows nothing more", async () => {
    const { host } = await bed.serve((response, n) => (n < 3 ? promised : good)(response, n));
    const other = { id: "other", type: "cemm-realtime", device: "device", x: 0, y: 0, wires: [["other-sent"]] };
    const helperNode = { id: "other-sent", type: "helper", wires: [] };
    const flow = await startFlow({
      node: { type: "cemm-realtime" },
      ...inCloud(host),
      more: [other, helperNode],
    });
    const answered = new Promise<unknown>((resolve) => {
      nodeOf("other-sent").once("input", ({ payload }: { payload: unknown }) => resolve(payload));
    });
    flow.give();
    nodeOf("other").receive({});
    await flow.statuses.next(({ fill }) => fill === "yellow");
    await flow.node.close(false);
    const seen = watch(flow);
    assert.deepEqual(await answered, { electric_power: 193 });
    assert.deepEqual(seen, []);
  });
});
