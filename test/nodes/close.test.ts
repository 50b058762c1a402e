/** Closing: a redeploy ends every request, wait and timer at once; nothing is sent afterwards. */
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import type { EventEmitter } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { type Flow, flows, nodeOf, type Properties, startFlow } from "../support/flow.js";
import helper from "../support/node-red-helper.js";
import { KEY, testbed, UID } from "../support/server.js";
import { type Answer, good, json, later, promised, silence, status } from "../support/server-answers.js";

const CASES: { what: string; node: Properties & { type: string }; answer: Answer; access?: string }[] = [
  { what: "a request hangs", node: { type: "cemm-realtime" }, answer: silence },
  { what: "a request hangs in the cloud", node: { type: "cemm-totals" }, answer: silence, access: "cloud" },
  { what: "an answer is about to come", node: { type: "cemm-realtime" }, answer: later(60, good) },
  { what: "an error is about to come", node: { type: "cemm-realtime" }, answer: later(60, status(500)) },
  { what: "a promise is waited for", node: { type: "cemm-realtime" }, answer: promised, access: "cloud" },
  { what: "a retry is waited for", node: { type: "cemm-realtime" }, answer: status(503), access: "cloud" },
  {
    what: "a range runs",
    node: { type: "cemm-history", time: "40", timeType: "ago", toType: "now", deliver: "each" },
    answer: later(60, json({ data: { electric_power: [] } })),
  },
  { what: "a poll runs", node: { type: "cemm-realtime", repeat: 1 }, answer: later(60, good) },
  { what: "polling has failed", node: { type: "cemm-realtime", repeat: 1 }, answer: status(500) },
  { what: "polling has stopped", node: { type: "cemm-realtime", repeat: 1 }, answer: status(412) },
];

describe("close", () => {
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

  for (const { what, node, answer, access = "lan" } of CASES) {
    it(`while ${what}: under 100 ms, and nothing is asked, sent or shown afterwards`, async () => {
      const server = await bed.serve(answer);
      const account = { baseUrl: `http://${server.host}/v1/`, apiKey: KEY };
      const device = { access, host: server.host, uid: UID };
      const flow = await startFlow({ node, device, account });
      if (!node.repeat) flow.give();
      while (server.questions.length === 0) await delay(5);
      await delay(30);

      const began = performance.now();
      await helper.clearFlows();
      const took = performance.now() - began;
      assert.ok(took < 100, `${took} ms`);

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

  it("while a search for CEMMs runs: under 100 ms, and the port is free", async () => {
    const node = { type: "cemm-discover", broadcast: "127.0.0.1", port: await freePort(), timeout: 60 };
    const flow = await startFlow({ node });
    flow.give();
    await flow.statuses.next();
    await delay(30);
    const began = performance.now();
    await helper.clearFlows();
    assert.ok(performance.now() - began < 100);
    const seen = watch(flow);
    await delay(50);
    assert.deepEqual(seen, []);
    const socket = createSocket("udp4");
    await new Promise<void>((resolve, reject) => socket.once("error", reject).bind(node.port, resolve));
    await new Promise<void>((resolve) => socket.close(() => resolve()));
  });

  it("of one of two nodes that share a request: the other gets its answer, the first shows nothing more", async () => {
    const { host } = await bed.serve((response, n) => (n < 3 ? promised : good)(response, n));
    const other = { id: "other", type: "cemm-realtime", device: "device", x: 0, y: 0, wires: [["other-sent"]] };
    const helperNode = { id: "other-sent", type: "helper", wires: [] };
    const flow = await startFlow({
      node: { type: "cemm-realtime" },
      device: { access: "cloud", uid: UID },
      account: { baseUrl: `http://${host}/v1/`, apiKey: KEY },
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

async function freePort(): Promise<number> {
  const socket = createSocket("udp4");
  await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}
