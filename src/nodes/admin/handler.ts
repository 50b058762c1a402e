/** The rules for every admin route: permission, time limit, and number of concurrent requests. */
import type { Request, Response } from "express";
import type { NodeAPI } from "node-red";
import { CemmError, type RequestOptions } from "../../lib/internal.js";
import { AdminError, type Form, formOf, problemOf } from "./form.js";

/** In ms, shorter than the device's own limit because a person is waiting. */
const TIME_LIMIT = 20_000;
const MAX_CONCURRENT = 4;

export interface AdminRequest {
  RED: NodeAPI;
  /** The dialog's fields as typed, before a deploy. */
  form: Form;
  /** For the client. The signal aborts at the time limit, or when the dialog is closed. */
  options: RequestOptions & { signal: AbortSignal };
}

/** Resolves with the JSON that the dialog gets. @throws AdminError, CemmError */
export type Handler<Answer extends object = object> = (request: AdminRequest) => Promise<Answer>;

let running = 0;

/** Needs `flows.write`: anyone who can deploy can read the environment and reach the network anyway. */
export function serve(RED: NodeAPI, path: string, handler: Handler): void {
  RED.httpAdmin.post(path, RED.auth.needsPermission("flows.write"), (request, response) => {
    const reply = (status: number, body: object) => response.status(status).json(body);
    answer(RED, request, response, handler).then(
      (body) => reply(200, body),
      (error) => reply(statusOf(error), problemOf(error)),
    );
  });
}

async function answer(RED: NodeAPI, request: Request, response: Response, handler: Handler): Promise<object> {
  const form = formOf(RED, request);
  if (running >= MAX_CONCURRENT) throw new AdminError("CEMM_BUSY", "Too many requests at once. Try again.", 429);
  const ending = new AbortController();
  const expire = () => ending.abort(new CemmError("CEMM_TIMEOUT", `There was no answer in ${TIME_LIMIT / 1000} s.`));
  const timer = setTimeout(expire, TIME_LIMIT);
  response.on("close", () => ending.abort(new CemmError("CEMM_TIMEOUT", "The dialog was closed.")));
  running++;
  try {
    return await handler({ RED, form, options: { signal: ending.signal } });
  } finally {
    running--;
    clearTimeout(timer);
  }
}

function statusOf(error: unknown): number {
  return error instanceof AdminError ? error.status : 422;
}
