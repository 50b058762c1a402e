/** A proxy that serves a Node-RED below a path prefix, as Home Assistant's ingress does. */
import { once } from "node:events";
import { createServer, request } from "node:http";
import { connect } from "node:net";
import { portOf } from "../support/server.js";

export async function startProxy(prefix: string, port: number): Promise<{ url: string; close(): void }> {
  const inner = (path = "/") => (path.startsWith(prefix) ? path.slice(prefix.length) || "/" : undefined);
  const server = createServer((incoming, outgoing) => {
    const path = inner(incoming.url);
    // A request outside the prefix would reach another application.
    if (path === undefined) return outgoing.writeHead(404).end();
    const { method, headers } = incoming;
    const asked = request({ host: "127.0.0.1", port, path, method, headers }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    });
    asked.on("error", () => outgoing.destroy());
    return incoming.pipe(asked);
  });
  server.on("upgrade", (incoming, socket) => {
    const path = inner(incoming.url);
    if (path === undefined) return socket.destroy();
    const asked = connect(port, "127.0.0.1", () => {
      const headers = incoming.rawHeaders.map((text, n) => text + (n % 2 ? "\r\n" : ": ")).join("");
      asked.write(`GET ${path} HTTP/1.1\r\n${headers}\r\n`);
      asked.pipe(socket).pipe(asked);
    });
    for (const end of [asked, socket]) end.on("error", () => end.destroy());
    return asked;
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const url = `http://127.0.0.1:${portOf(server.address())}${prefix}`;
  const close = () => {
    server.close();
    server.closeAllConnections();
  };
  return { url, close };
}
