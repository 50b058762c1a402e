/** A CEMM and a cloud that give a fifth faulty answers, in a fixed order. */
import { serve, type TestServer } from "../../support/server.js";
import { type Answer, body, bytes, good, json, onSocket, status } from "../../support/server-answers.js";

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
const SHARE = 5;

export interface FaultyServer extends Pick<TestServer, "sockets" | "close"> {
  port: string;
  answers: { all: number; faulty: number };
}

/** Listens on every loopback address, so that each node has its own CEMM. */
export async function faultyServer(): Promise<FaultyServer> {
  const answers = { all: 0, faulty: 0 };
  const { host, sockets, close } = await serve(
    (response, n) => {
      const isFaulty = answers.all++ % SHARE === 0;
      const answer = isFaulty ? FAULTS[answers.faulty++ % FAULTS.length] : good;
      return answer?.(response, n);
    },
    { address: "0.0.0.0" },
  );
  return { port: host.split(":")[1] ?? "", sockets, answers, close };
}
