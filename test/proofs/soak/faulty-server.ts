/** A CEMM, and a cloud, of which a fifth of the answers are faulty, in an order that is the same each time. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { Socket } from "node:net";
import { fixtureText } from "../../support/fixtures.js";
import { portOf } from "../../support/server.js";
import { type Answer, body, bytes, json, onSocket, status, WATTS } from "../../support/server-answers.js";

const FAULTS: Answer[] = [
  status(502),
  onSocket((socket) => void socket.resetAndDestroy()),
  body("<html>not now</html>"),
  status(503),
  body('{"data":{"electric_po'),
  status(500),
  bytes("SSH-2.0-dropbear\r\n"),
  json({ data: {} }),
  status(418),
  bytes(),
];
const GOOD = json(WATTS);
const ROOT = body(fixtureText("lan/info"));
const SHARE = 5;

export interface FaultyServer {
  port: number;
  sockets: ReadonlySet<Socket>;
  answers: { all: number; faulty: number };
  close(): Promise<void>;
}

/** Listens on every loopback address, so that each node has a CEMM of its own. */
export async function faultyServer(): Promise<FaultyServer> {
  const sockets = new Set<Socket>();
  const answers = { all: 0, faulty: 0 };
  const server = createServer((request, response) => {
    if (request.url === "/open-api/v1/") return ROOT(response, 0);
    const isFaulty = answers.all++ % SHARE === 0;
    const fault = FAULTS[answers.faulty % FAULTS.length];
    if (!isFaulty || !fault) return GOOD(response, 0);
    answers.faulty++;
    return fault(response, 0);
  });
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
  });
  server.listen(0, "0.0.0.0");
  await once(server, "listening");
  const close = async () => {
    server.closeAllConnections();
    server.close();
    await once(server, "close");
  };
  return { port: portOf(server.address()), sockets, answers, close };
}
