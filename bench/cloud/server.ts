/**
 * A cloud that promises each answer first, in a process of its own: after as many ms as the alias says (`ready-1000`),
 * any other at once.
 * `tsx server.ts <latency in ms>`; reports its port to its parent, its requests on demand, and ends with it.
 */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { wireText } from "../support/fixture.js";

/** Lifetime of a promise, ms. */
const LIFETIME = 10_000;
const DATA = wireText("cloud/realtime-p1");

const latency = Number(process.argv[2] ?? 0);
const promises = new Map<string, { id: string; since: number }>();
const requests = new Map<string, number>();

function answer(path: string): { status: number; body: string } {
  requests.set(path, (requests.get(path) ?? 0) + 1);
  const [, ready = 0] = /\/ready-(\d+)\//.exec(path) ?? [];
  const now = performance.now();
  const known = promises.get(path);
  const promise = known && now - known.since < LIFETIME ? known : { id: randomUUID(), since: now };
  promises.set(path, promise);
  if (now - promise.since < Number(ready)) return { status: 202, body: JSON.stringify({ promise: promise.id }) };
  promises.delete(path);
  return { status: 200, body: DATA };
}

async function main(): Promise<void> {
  const server = createServer((request, response) => {
    const { status, body } = answer((request.url ?? "").split("?")[0] ?? "");
    const send = () => response.writeHead(status, { "content-type": "application/json" }).end(body);
    setTimeout(send, latency);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  process.on("disconnect", () => process.exit());
  process.on("message", () => process.send?.([...requests]));
  process.send?.([server.address()]);
}

if (require.main === module) void main();
