/** Stands at the address of the first CEMM, with a simulated one behind it, and may give other answers than that. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { HOUSE } from "./expected.js";

/** Answers a question, for example by `pass`: with what the CEMM behind it says. */
export type Proxied = (url: URL, pass: () => Promise<Response>) => Promise<Response>;

export async function startProxy(behind: string, reply: Proxied): Promise<{ stop(): Promise<void> }> {
  const answer = async ({ url: path = "/" }: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(path, `http://${behind}`);
    const { status, body } = await reply(url, () => fetch(url)).then(read, refused);
    response.writeHead(status, { "content-type": "application/json" }).end(body);
  };
  const server = createServer((request, response) => void answer(request, response));
  const { hostname, port } = new URL(`http://${HOUSE}`);
  server.listen(Number(port), hostname);
  await once(server, "listening");
  return {
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, "close");
    },
  };
}

const read = async (response: Response) => ({ status: response.status, body: await response.text() });
const refused = (error: Error) => ({ status: 500, body: error.message });
