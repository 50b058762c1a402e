/** The client's reaction to every fault of the table. */
import assert from "node:assert/strict";
import { CemmAccount, CemmClient, type CemmClientOptions, CemmError, toValues } from "../../../src/lib/index.js";
import { KEY, NO_SEARCH, NOBODY, UID } from "../../support/server.js";
import { nothingEscaped } from "../support/process-events.js";
import { rowsHold } from "../support/rows.js";
import type { FaultRoute, Outcome } from "./fault.js";
import { rawServer } from "./raw-server.js";
import { ROWS, type Row } from "./table.js";

interface OpenClient {
  client: CemmClient;
  close: () => Promise<void>;
}

type Open = (host: string, timeout: number) => OpenClient;

const OPEN: Record<FaultRoute, Open> = {
  lan: (host, timeout) => openClient({ host, timeout }),
  uid: (host, timeout) => openClient({ host, timeout, uid: UID, discovery: NO_SEARCH }),
  cloud: (host, timeout) => {
    const account = new CemmAccount({ apiKey: KEY, baseUrl: `http://${host}/v1/` });
    return openClient({ access: "cloud", account, uid: UID, timeout });
  },
};

function openClient(options: CemmClientOptions): OpenClient {
  const client = new CemmClient(options);
  const close = async () => {
    client.close();
    await options.account?.close();
  };
  return { client, close };
}

async function checkRow({ route, timeout }: Row, host: string, outcome: Outcome): Promise<void> {
  const { client, close } = OPEN[route](host, timeout);
  try {
    const answer = await client.realtime("p1");
    assert.equal(outcome.code, undefined, `got an answer: ${JSON.stringify(toValues(answer)).slice(0, 200)}`);
    assert.deepEqual({ ...toValues(answer) }, outcome.values);
  } catch (error) {
    if (!(error instanceof CemmError)) throw error;
    assert.equal(error.code, outcome.code, error.message);
    assert.ok(error.message.length <= 500, "the message is short enough to read");
  } finally {
    await close();
  }
}

describe("the client handles", () => {
  rowsHold(ROWS, async (row) => {
    if (row.replies.length === 0) return checkRow(row, NOBODY, row.outcome);
    const server = await rawServer(row);
    try {
      await checkRow(row, server.host, row.outcome);
      server.assertAsked(row.outcome.tries);
    } finally {
      await server.close();
    }
  });
});

nothingEscaped();
