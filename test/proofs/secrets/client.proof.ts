/** The client does not show the key: after any fault or answer that repeats it, or if it is given in the wrong place. */
import assert from "node:assert/strict";
import { CemmAccount, CemmClient } from "../../../src/lib/index.js";
import { NOBODY, UID } from "../../support/server.js";
import { rawServer } from "../faults/raw-server.js";
import { FAULTS } from "../faults/table.js";
import { rowsHold } from "../support/rows.js";
import { ECHOES } from "./echo.js";
import { ENCODINGS, everyView, FAKE_KEY, shownIn } from "./fake-key.js";

/** Seconds; the answer does not matter here, only the errors and the log. */
const TIMEOUT = 5;

const ROWS = [...FAULTS.filter(({ outcomes }) => outcomes.cloud), ...ECHOES];

/** Places where a user may put a key by mistake. */
const UNUSABLE: Record<string, { apiKey: string; baseUrl?: string; name?: string }> = {
  "a key with a line feed": { apiKey: `${FAKE_KEY}\n` },
  "a key with a space": { apiKey: `${FAKE_KEY} ${FAKE_KEY}` },
  "a key with a non-ASCII letter": { apiKey: `é${FAKE_KEY}` },
  "a key in the base address's query": {
    apiKey: "k",
    baseUrl: `https://h/v1/?api_key=${ENCODINGS["percent-encoded"]}`,
  },
  "a key as the base address's password": { apiKey: "k", baseUrl: `https://u:${ENCODINGS["percent-encoded"]}@h/v1/` },
  "a key as the base address": { apiKey: "k", baseUrl: FAKE_KEY },
  "a key in a base address of another protocol": { apiKey: "k", baseUrl: `ftp://h/${ENCODINGS.hex}` },
  "a base address without TLS": { apiKey: FAKE_KEY, baseUrl: "http://cemm.example/v1/" },
};

describe("the client does not show the key", () => {
  const place = { what: "places without the key" };

  rowsHold(
    ROWS.map((row) => ({ ...row, it: `after ${row.it}` })),
    async ({ replies }) => {
      const server = replies.length > 0 ? await rawServer({ replies }) : undefined;
      const host = server?.host ?? NOBODY;
      assertHidden(await outputOf(host));
      assert.ok(!server || server.questions.length > 0, "the server was asked");
      await server?.close();
    },
    place,
  );

  rowsHold(
    Object.entries(UNUSABLE).map(([it, options]) => ({ it, options })),
    async ({ options }) => {
      assert.throws(
        () => new CemmAccount(options),
        (error) => {
          assertHidden([error]);
          return true;
        },
      );
    },
    place,
  );
});

/** The client's output: its error and its log. */
async function outputOf(host: string): Promise<unknown[]> {
  const lines: unknown[] = [];
  const account = new CemmAccount({ apiKey: FAKE_KEY, baseUrl: `http://${host}/v1/`, name: "home" });
  const client = new CemmClient({
    access: "cloud",
    account,
    uid: UID,
    timeout: TIMEOUT,
    log: (line) => void lines.push(line),
  });
  const [outcome] = await Promise.allSettled([client.realtime("p1")]);
  lines.push(outcome?.status === "rejected" ? outcome.reason : undefined, client, account);
  client.close();
  await account.close();
  return lines;
}

function assertHidden(things: readonly unknown[]): void {
  for (const thing of things) assert.deepEqual(shownIn(everyView(thing)), [], everyView(thing).slice(0, 600));
}
