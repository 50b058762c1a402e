/** Real servers on free loopback ports, and clients for them. A test bed closes everything opened through it. */
import "./loopback.js";
import assert from "node:assert/strict";
import { createServer, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";
import { CemmAccount, CemmClient, type CemmClientOptions, CemmError } from "../../src/lib/index.js";
import { fixtureText } from "./fixtures.js";
import { type Answer, body } from "./server-answers.js";

export const KEY = "4e4f657a";
export const UID = "00-1E-C0-85-96-CC";
/** Long, for a busy machine; clients have their own time limits. */
export const TIMEOUT_MS = 10_000;

export const ROUTES = ["lan", "cloud"] as const;
export type RouteName = (typeof ROUTES)[number];

export interface Asked {
  url: URL;
  /** When it arrived, by `performance.now()`. */
  at: number;
}

export interface TestServer {
  host: string;
  /** Requests for the LAN API's root, which identifies the CEMM. */
  greetings: Asked[];
  /** All other requests. */
  questions: Asked[];
  sockets: Set<Socket>;
  /** The number of connections so far. */
  connections: number;
  /** Maximum number of concurrent requests. */
  busiest: number;
  close(): Promise<void>;
}

export interface ServeOptions {
  /** The root's answer; default: that of a CEMM with `UID`. */
  root?: Answer;
  /** Another loopback address, such as 127.0.0.2. */
  address?: string;
}

/** A CEMM or a cloud: answers its root like a CEMM, and every other request with `answer`. */
export async function serve(answer: Answer, options: ServeOptions = {}): Promise<TestServer> {
  const { root = body(fixtureText("lan/info")), address = "127.0.0.1" } = options;
  const http = createServer();
  const server: TestServer = {
    host: "",
    greetings: [],
    questions: [],
    sockets: new Set(),
    connections: 0,
    busiest: 0,
    close: () => closeServer(http),
  };
  let open = 0;
  http.on("connection", (socket) => {
    server.connections++;
    server.sockets.add(socket);
    socket.on("close", () => server.sockets.delete(socket));
    socket.on("error", () => {});
  });
  http.on("request", async (request, response) => {
    const asked = { url: new URL(request.url ?? "/", `http://${request.headers.host}`), at: performance.now() };
    if (asked.url.pathname === "/open-api/v1/") {
      server.greetings.push(asked);
      return root(response, server.greetings.length - 1);
    }
    server.questions.push(asked);
    server.busiest = Math.max(server.busiest, ++open);
    response.on("close", () => open--);
    return answer(response, server.questions.length - 1);
  });
  server.host = `${address}:${await listen(http, address)}`;
  return server;
}

async function listen(http: Server, address: string): Promise<number> {
  await new Promise<void>((resolve, reject) => {
    http.once("error", reject).listen(0, address, resolve);
  });
  return portOf(http.address());
}

export function portOf(address: AddressInfo | string | null): number {
  assert(typeof address === "object" && address !== null);
  return address.port;
}

function closeServer(http: Server): Promise<void> {
  return new Promise((resolve) => {
    http.close(() => resolve());
    http.closeAllConnections();
  });
}

/** An address without a listener, with a port outside the ephemeral range. */
export const NOBODY = "127.0.0.1:1";

/** For a CEMM that must not be searched for: the search sends nothing. */
export const NO_SEARCH = { broadcast: [], port: 9 };

/** Opens servers, accounts and clients for the tests of one `describe`, and closes them after the last. */
export function testbed() {
  const open: (() => unknown)[] = [];
  after(async () => {
    for (const close of open.splice(0).reverse()) await close();
  });
  const kept = <T>(thing: T, close: () => unknown): T => {
    open.push(close);
    return thing;
  };
  const bed = {
    kept,
    async serve(answer: Answer, options?: ServeOptions): Promise<TestServer> {
      const server = await serve(answer, options);
      return kept(server, server.close);
    },
    account(host: string, apiKey = KEY): CemmAccount {
      const account = new CemmAccount({ apiKey, baseUrl: `http://${host}/v1/` });
      return kept(account, () => account.close());
    },
    client(options: CemmClientOptions): CemmClient {
      const client = new CemmClient({ timeout: 10, ...options });
      return kept(client, () => client.close());
    },
    /** A client for the server at `host`, by either route. */
    over(route: RouteName, host: string, options: CemmClientOptions = {}): CemmClient {
      if (route === "lan") return bed.client({ host, ...options });
      return bed.client({ access: "cloud", account: bed.account(host), uid: UID, ...options });
    },
  };
  return bed;
}

/** Waits until the condition is true, by default for at least five seconds. */
export async function eventually(holds: () => boolean, what: string, seconds = 5): Promise<void> {
  for (let n = 0; n < seconds * 100 && !holds(); n++) await delay(10);
  assert.ok(holds(), what);
}

/** The CemmError that `work` fails with. */
export async function failure(work: Promise<unknown>): Promise<CemmError> {
  const error = await rejection(work);
  assert(error instanceof CemmError, `not a CemmError: ${error}`);
  return error;
}

export async function rejection(work: Promise<unknown>): Promise<unknown> {
  const [outcome] = await Promise.allSettled([work]);
  assert(outcome.status === "rejected", "it did not fail");
  return outcome.reason;
}

/** An `it` for each row of a table. All rows run at once, so a table takes as long as its slowest row. */
export function eachAtOnce<Row extends { it: string }>(rows: readonly Row[], run: (row: Row) => Promise<void>): void {
  let outcomes: Promise<PromiseSettledResult<void>[]>[] = [];
  before(() => {
    outcomes = rows.map((row) => Promise.allSettled([run(row)]));
  });
  for (const [n, row] of rows.entries()) {
    it(row.it, async function () {
      this.timeout(TIMEOUT_MS);
      const [outcome] = (await outcomes[n]) ?? [];
      assert(outcome, "the row did not run");
      if (outcome.status === "rejected") throw outcome.reason;
    });
  }
}

/** Every row, by each of the two routes. */
export function overEachRoute<Row extends { it: string }>(rows: readonly Row[]): (Row & { route: RouteName })[] {
  return ROUTES.flatMap((route) => rows.map((row) => ({ ...row, route, it: `${route}: ${row.it}` })));
}
