/** A server that sends given bytes, without an HTTP library in between. */
import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { fixtureText } from "../../support/fixtures.js";
import { serve } from "../../support/server.js";
import { type Answer, onSocket } from "../../support/server-answers.js";
import type { Tries } from "./fault.js";

/** Bytes, after which the connection is closed, or a function that uses the socket. */
export type Reply = string | Buffer | ((socket: Socket) => void);

export interface RawServer {
  host: string;
  /** The requests for live values, which a row counts. */
  readonly questions: readonly string[];
  assertAsked(tries: Tries): void;
  close(): Promise<void>;
}

export interface RawOptions {
  /** Sent in this order; the last one repeats. */
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
  const { host, close } = await serve(
    (response, n) => {
      const path = response.req.url ?? "";
      if (!path.includes("/realtime/")) return toAnswer(NOTHING_THERE)(response, n);
      questions.push(path);
      return toAnswer(inTurn(replies, questions.length - 1))(response, n);
    },
    { root: (response, n) => toAnswer(inTurn(root, questions.length))(response, n) },
  );
  const assertAsked = (tries: Tries) => {
    const [min, max] = typeof tries === "number" ? [tries, tries] : tries;
    const asked = questions.length;
    assert.ok(asked >= min && asked <= max, `asked ${asked} times, not ${min} to ${max}`);
  };
  return { host, questions, assertAsked, close };
}

function inTurn(replies: readonly Reply[], n: number): Reply {
  return replies[Math.min(n, replies.length - 1)] ?? NOTHING_THERE;
}

function toAnswer(reply: Reply): Answer {
  return onSocket(typeof reply === "function" ? reply : (socket) => void socket.end(reply));
}
