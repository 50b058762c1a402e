/**
 * CEMMs and their cloud, each on its own port, in their own process: fixed, immediate answers, so that only our
 * own cost remains. `startServer` runs `server.ts <CEMMs> <latency in ms>`. The alias selects the answer: `ready-1000` is
 * promised, and ready after 1000 ms; `channels-7` has seven channels.
 */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { dayBody, liveBody, wireText } from "./bodies.js";

/** Lifetime of a promise, ms. */
const LIFETIME = 10_000;
const CLOUD = wireText("cloud/realtime-p1");
const LAN = wireText("lan/realtime-p1");
const INFO = wireText("lan/info");

const [cemms = 1, latency = 0] = process.argv.slice(2).map(Number);
const promises = new Map<string, { id: string; since: number }>();
const requests = new Map<string, number>();

/** The id of the promise; undefined once the answer is ready. */
function promised(path: string, ready: number): string | undefined {
  const now = performance.now();
  const known = promises.get(path);
  const promise = known && now - known.since < LIFETIME ? known : { id: randomUUID(), since: now };
  promises.set(path, promise);
  if (now - promise.since < ready) return promise.id;
  promises.delete(path);
  return undefined;
}

function answer(url: string): { status: number; body: string } {
  const [path = "", query = ""] = url.split("?");
  requests.set(path, (requests.get(path) ?? 0) + 1);
  if (path === "/open-api/v1/") return { status: 200, body: INFO };
  const [, kind, count] = /\/(ready|channels)-(\d+)\//.exec(path) ?? [];
  const promise = kind === "ready" ? promised(path, Number(count)) : undefined;
  if (promise !== undefined) return { status: 202, body: JSON.stringify({ promise }) };
  if (path.includes("/data/day")) {
    const seconds = Number(new URLSearchParams(query).get("time"));
    return { status: 200, body: dayBody(seconds * 1000, Number(count)) };
  }
  if (kind === "channels") return { status: 200, body: liveBody(Number(count)) };
  return { status: 200, body: path.startsWith("/v1/") ? CLOUD : LAN };
}

function cemm(): Server {
  return createServer((request, response) => {
    const { status, body } = answer(request.url ?? "");
    const send = () => response.writeHead(status, { "content-type": "application/json" }).end(body);
    if (latency > 0) setTimeout(send, latency);
    else send();
  });
}

async function main(): Promise<void> {
  const servers = Array.from({ length: cemms }, () => cemm().listen(0, "127.0.0.1"));
  await Promise.all(servers.map((server) => once(server, "listening")));
  process.on("disconnect", () => process.exit());
  process.on("message", () => process.send?.([...requests]));
  process.send?.(servers.map((server) => server.address()));
}

void main();
