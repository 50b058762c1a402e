/** A cloud with a given answer for each alias, as fast as possible: one server for a hundred thousand bodies. */
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { CemmAccount, CemmClient } from "../../../src/lib/index.js";
import { KEY, portOf, UID } from "../../support/server.js";

/** Seconds: enough for promises and retries, and short for promises that are never kept. */
const TIMEOUT = 3;

type Reply = (response: ServerResponse) => void;

export interface FuzzCloud {
  client: CemmClient;
  /** A new alias whose requests get this reply. */
  aliasFor(reply: Reply): string;
  forget(alias: string): void;
  close(): Promise<void>;
}

export async function fuzzCloud(): Promise<FuzzCloud> {
  const replies = new Map<string, Reply>();
  let count = 0;
  const server = createServer((request, response) => {
    const alias = /\/(x\d+)\//.exec(request.url ?? "")?.[1] ?? "";
    replies.get(alias)?.(response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const baseUrl = `http://127.0.0.1:${portOf(server.address())}/v1/`;
  const account = new CemmAccount({ apiKey: KEY, baseUrl, concurrency: 32 });
  const client = new CemmClient({ access: "cloud", account, uid: UID, timeout: TIMEOUT });
  return {
    client,
    aliasFor(reply) {
      const alias = `x${count++}`;
      replies.set(alias, reply);
      return alias;
    },
    forget: (alias) => void replies.delete(alias),
    async close() {
      client.close();
      await account.close();
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}
