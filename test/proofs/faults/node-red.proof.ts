/** Every fault of the table with a node in a real Node-RED: each message ends once, with the expected code. */
import assert from "node:assert/strict";
import { type Flow, type FlowOptions, startFlows } from "../../support/flow.js";
import { errorOf } from "../../support/flow-seen.js";
import helper from "../../support/node-red-helper.js";
import { KEY, NOBODY, UID } from "../../support/server.js";
import { rowsHold } from "../support/rows.js";
import type { FaultRoute } from "./fault.js";
import { type RawServer, rawServer } from "./raw-server.js";
import { ROWS, type Row } from "./table.js";

const DEVICE: Record<FaultRoute, (host: string) => Pick<FlowOptions, "device" | "account">> = {
  lan: (host) => ({ device: { host } }),
  uid: (host) => ({ device: { host, uid: UID } }),
  cloud: (host) => ({
    device: { access: "cloud", uid: UID },
    account: { baseUrl: `http://${host}/v1/`, apiKey: KEY },
  }),
};

/** How long the test waits for a message to end. */
const TIMEOUT_MS = 200_000;

describe("a node in Node-RED handles", () => {
  const servers: (RawServer | undefined)[] = [];
  let flows: Flow[] = [];

  before(async function () {
    this.timeout(120_000);
    await helper.startServer();
    for (const row of ROWS) servers.push(row.replies.length === 0 ? undefined : await rawServer(row));
    const options = await Promise.all(ROWS.map((row, n) => flowFor(row, servers[n])));
    flows = await startFlows(options);
  });
  after(async function () {
    this.timeout(120_000);
    await helper.unload();
    await helper.stopServer();
    for (const server of servers) await server?.close();
  });

  rowsHold(ROWS, async (row, n) => {
    const [flow, server] = [flows[n], servers[n]];
    assert(flow);
    await endsAsExpected(flow, row);
    server?.assertAsked(row.outcome.tries);
  });
});

async function flowFor({ route, timeout }: Row, server: RawServer | undefined): Promise<FlowOptions> {
  const { device, account } = DEVICE[route](server?.host ?? NOBODY);
  return {
    node: { type: "cemm-realtime" },
    device: { ...device, timeout },
    ...(account && { account }),
    isQuiet: true,
  };
}

async function endsAsExpected(flow: Flow, { outcome }: Row): Promise<void> {
  const kept = { topic: "asked", mine: { kept: true } };
  const _msgid = flow.give({ payload: "untouched", ...kept });
  await Promise.any(
    [flow.completed, flow.caught].map((capture) => capture.next((msg) => msg._msgid === _msgid, TIMEOUT_MS)),
  );
  const [caught, ...more] = flow.caught.all;
  const ends = more.length + (caught ? 1 : 0) + flow.completed.all.length;
  assert.equal(ends, 1, "exactly one end");
  assert.equal(caught && errorOf(caught).code, outcome.code, caught && errorOf(caught).message);
  if (caught) assert.equal(caught.payload, "untouched");
  assert.deepEqual(
    flow.sent.all.map(({ payload }) => payload),
    outcome.code ? [] : [outcome.values],
  );
  assert.deepEqual({ mine: (caught ?? flow.sent.all[0])?.mine }, { mine: kept.mine });
}
