/** How a test server answers, as functions that can be combined. */
import type { OutgoingHttpHeaders, ServerResponse } from "node:http";
import type { Socket } from "node:net";
import { setTimeout as delay } from "node:timers/promises";

/** Answers a request; `n` is the number of requests before it. */
export type Answer = (response: ServerResponse, n: number) => void | Promise<void>;

export function body(text: string | Buffer, status = 200, headers: OutgoingHttpHeaders = {}): Answer {
  return (response) => {
    response.writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers }).end(text);
  };
}

export function json(value: unknown, status = 200, headers: OutgoingHttpHeaders = {}): Answer {
  return body(JSON.stringify(value), status, headers);
}

export function status(code: number, headers: OutgoingHttpHeaders = {}): Answer {
  return body(code === 204 ? "" : "{}", code, headers);
}

/** Raw bytes that no HTTP library would send. Then the connection ends. */
export function bytes(...parts: (string | Buffer)[]): Answer {
  return ({ socket }) => {
    socket?.end(Buffer.concat(parts.map((part) => Buffer.from(part))));
  };
}

export function onSocket(act: (socket: Socket) => void | Promise<void>): Answer {
  return async ({ socket }) => {
    if (socket) await act(socket);
  };
}

/** The connection stays open, and nothing comes. */
export const silence: Answer = () => {};

/** The headers come, and the first byte of the body. */
export const hanging: Answer = (response) => void response.writeHead(200, { "content-length": 100 }).write("{");

/** A byte of the body now and then, endlessly. */
export const dribbling: Answer = (response) => {
  response.writeHead(200).write("{");
  const timer = setInterval(() => response.write(" "), 20);
  response.on("close", () => clearInterval(timer));
};

export function later(ms: number, answer: Answer): Answer {
  return async (response, n) => {
    await delay(ms);
    if (!response.destroyed) await answer(response, n);
  };
}

/** One answer after the other; the last one repeats. */
export function inTurn(...answers: Answer[]): Answer {
  let n = 0;
  return (response, asked) => answers[Math.min(n++, answers.length - 1)]?.(response, asked);
}

/** Live data with one channel, for tests in which the content does not matter. */
export const WATTS = { io_id: 1, data: { electric_power: [1_632_948_526_000, 193] } };
export const good: Answer = json(WATTS);
export const promised: Answer = json({ promise: "59f2c0e3a1b84" }, 202);
