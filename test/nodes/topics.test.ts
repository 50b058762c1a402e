/** The default topic: one for values, availability and errors, which stays the same while a node runs. */
import assert from "node:assert/strict";
import type { NodeMessage } from "node-red";
import { fixtureText } from "../support/fixtures.js";
import { flows, startFlow } from "../support/flow.js";
import { Capture } from "../support/node-red-capture.js";
import helper from "../support/node-red-helper.js";
import { KEY, testbed, UID } from "../support/server.js";
import { body, good, inTurn, status } from "../support/server-answers.js";

describe("the default topic", () => {
  flows();
  const bed = testbed();

  /** The topics of an error of polling, then of a value, and of the availability of each. */
  async function topicsOf(
    device: object,
    root = body(fixtureText("lan/info")),
  ): Promise<{ host: string; topics: (string | undefined)[] }> {
    const { host } = await bed.serve(inTurn(status(418), good), { root });
    const flow = await startFlow({
      node: { type: "cemm-realtime", availability: true, repeat: 1 },
      device: { host, name: "House", ...device },
      account: { baseUrl: `http://${host}/v1/`, apiKey: KEY },
      outputs: [["sent"], ["told"]],
      more: [{ id: "told", type: "helper" }],
    });
    const available = new Capture<NodeMessage>("availability message");
    helper.getNode("told")?.on("input", (msg, _send, done) => {
      available.add(msg);
      done();
    });
    const [value] = await flow.sent.take(1, undefined, 9000);
    const [error] = flow.caught.all;
    assert.deepEqual(
      available.all.map(({ payload }) => payload),
      ["offline", "online"],
    );
    return { host, topics: [error, value, ...available.all].map((msg) => msg?.topic) };
  }

  const all = (id: string) => [
    ...[0, 1].map(() => `cemm/${id}/p1/realtime`),
    ...[0, 1].map(() => `cemm/${id}/p1/realtime/availability`),
  ];

  it("has the configured uid, whatever host it is reached by", async () => {
    const { topics } = await topicsOf({ uid: UID.toLowerCase() });
    assert.deepEqual(topics, all(UID));
  });

  it("has the configured host, though the uid becomes known", async () => {
    const { host, topics } = await topicsOf({});
    assert.deepEqual(topics, all(host));
  });

  it("has the configured host if the CEMM does not report its MAC", async () => {
    const { host, topics } = await topicsOf({}, status(404));
    assert.deepEqual(topics, all(host));
  });

  for (const [target, id] of [
    ["127.0.0.1:PORT", "127.0.0.1:PORT"],
    [UID.replaceAll("-", ":"), UID],
  ] as const) {
    it(`has the target: ${target}`, async () => {
      const { host } = await bed.serve(good);
      const port = host.split(":")[1] ?? "";
      const flow = await startFlow({
        node: { type: "cemm-realtime", target: target.replace("PORT", port) },
        device: { host, uid: UID },
      });
      assert.equal((await flow.answer()).topic, `cemm/${id.replace("PORT", port)}/p1/realtime`);
    });
  }
});
