/**
 * Sixteen CEMMs and their cloud, or another number, on one port each, in a process of their own: answers every
 * realtime request with one fixed body, at once. Started by `startServer`; reports its ports to its parent and ends
 * with it.
 */
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { wireText } from "./fixture.js";

export const CEMMS = 16;

const BODIES: [prefix: RegExp, body: string][] = [
  [/^\/v1\/cemm\/[^/]+\/[^/]+\/realtime\/\?/, wireText("cloud/realtime-p1")],
  [/^\/open-api\/v1\/[^/]+\/realtime\/$/, wireText("lan/realtime-p1")],
  [/^\/open-api\/v1\/$/, wireText("lan/info")],
];

function cemm(): Server {
  return createServer((request, response) => {
    const [, body] = BODIES.find(([path]) => path.test(request.url ?? "")) ?? [];
    response.writeHead(body ? 200 : 404, { "content-type": "application/json" }).end(body);
  });
}

async function main(): Promise<void> {
  const servers = Array.from({ length: Number(process.argv[2] ?? CEMMS) }, () => cemm().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  process.on("disconnect", () => process.exit());
  process.send?.(servers.map((server) => server.address()));
}

if (require.main === module) void main();
