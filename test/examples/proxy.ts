/** Takes a CEMM's address, forwards to a simulated CEMM, and can change its answers. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { portOf } from "../support/server.js";
import { HOUSE } from "./expected.js";

/** Answers a request; `pass` returns the answer of the CEMM behind it. Undefined: the connection is closed. */
export type Proxied = (url: URL, pass: () => Promise<Response>) => Promise<Response | undefined>;

export interface StartedProxy {
  host: string;
  stop(): Promise<void>;
}

/** `at`: its address; default: that of the first CEMM of the examples. */
export async function startProxy(behind: string, reply: Proxied, at = HOUSE): Promise<StartedProxy> {
  const answer = async ({ url: path = "/" }: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(path, `http://${behind}`);
    const answered = await reply(url, () => fetch(url)).then(read, refused);
    if (!answered) return void response.destroy();
    response.writeHead(answered.status, { "content-type": "application/json" }).end(answered.body);
  };
  const server = createServer((request, response) => void answer(request, response));
  const [hostname = "", port] = at.split(":");
  server.listen(Number(port), hostname);
  await once(server, "listening");
  return {
    host: `${hostname}:${portOf(server.address())}`,
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

const read = async (response?: Response) => response && { status: response.status, body: await response.text() };
const refused = (error: Error) => ({ status: 500, body: error.message });
