/** A TCP server that sends what it is given, byte by byte: without an HTTP library in between. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { fixtureText } from "../../support/fixtures.js";
import { portOf } from "../../support/server.js";
import type { Tries } from "./fault.js";

/** Bytes, after which the connection ends; or whatever else is done with the socket. */
export type Reply = string | Buffer | ((socket: Socket) => void);

export interface RawServer {
  host: string;
  /** Requests for live values: what a row counts. */
  readonly questions: readonly string[];
  assertAsked(tries: Tries): void;
  close(): Promise<void>;
}

export interface RawOptions {
  /** One after the other; the last one repeats. */
  replies: readonly Reply[];
  /** The answers of the LAN API's root before and after the first request; default: those of a CEMM. */
  root?: readonly Reply[];
}

/** An answer as an HTTP server would write it. */
export function http(
  body: string | Buffer,
  status: number | string = 200,
  headers: Record<string, string> = {},
): Buffer {
  const bytes = Buffer.from(body);
  const all = {
    "content-type": "application/json",
    "content-length": String(bytes.length),
    connection: "close",
    ...headers,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return Buffer.concat([Buffer.from(`HTTP/1.1 ${status} Status\r\n${lines.join("")}\r\n`), bytes]);
}

const ROOT = http(fixtureText("lan/info"));
const NOTHING_THERE = http("", 404);

export async function rawServer({ replies, root = [ROOT] }: RawOptions): Promise<RawServer> {
  const questions: string[] = [];
  const sockets = new Set<Socket>();
  const replyTo = (path: string): Reply => {
    if (path === "/open-api/v1/") return inTurn(root, questions.length);
    if (!path.includes("/realtime/")) return NOTHING_THERE;
    questions.push(path);
    return inTurn(replies, questions.length - 1);
  };
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    onRequest(socket, (path) => give(socket, replyTo(path)));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, "close");
  };
  const assertAsked = (tries: Tries) => {
    const [min, most] = typeof tries === "number" ? [tries, tries] : tries;
    const asked = questions.length;
    assert.ok(asked >= min && asked <= most, `asked ${asked} times, not ${min} to ${most}`);
  };
  return { host: `127.0.0.1:${portOf(server.address())}`, questions, assertAsked, close };
}

function inTurn(replies: readonly Reply[], n: number): Reply {
  return replies[Math.min(n, replies.length - 1)] ?? NOTHING_THERE;
}

function onRequest(socket: Socket, tell: (path: string) => void): void {
  let text = "";
  socket.on("data", (chunk) => {
    text += chunk.toString("latin1");
    for (let end = text.indexOf("\r\n\r\n"); end >= 0; end = text.indexOf("\r\n\r\n")) {
      const [, path = ""] = text.slice(0, end).split(" ");
      text = text.slice(end + 4);
      tell(path.split("?")[0] ?? "");
    }
  });
}

function give(socket: Socket, reply: Reply): void {
  if (typeof reply === "function") reply(socket);
  else socket.end(reply);
}
