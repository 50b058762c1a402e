/** The admin routes behind the dialogs' buttons: who may ask, how long, and how much at once. */
import type { Request, Response } from "express";
import type { NodeAPI } from "node-red";
import { CemmError, type RequestOptions } from "../../lib/index.js";
import { type Form, formOf, problemOf, Refusal } from "./form.js";
import { listAccount, listMeters, search, testAccount, testDevice } from "./lookup.js";

/** A person waits no longer, whatever the device's own limit is, in ms. */
const LONGEST_ASK = 20_000;
const MOST_AT_ONCE = 4;

type Question = (form: Form, ask: RequestOptions) => Promise<object>;

export function deviceRoutes(RED: NodeAPI): void {
  serve(RED, "/cemm/search", search);
  serve(RED, "/cemm/device/test", (form, ask) => testDevice(RED, form, ask));
  serve(RED, "/cemm/device/meters", (form, ask) => listMeters(RED, form, ask));
  serve(RED, "/cemm/account/cemms", (form, ask) => listAccount(RED, form, ask));
}

export function accountRoutes(RED: NodeAPI): void {
  serve(RED, "/cemm/account/test", (form, ask) => testAccount(RED, form, ask));
}

let running = 0;

function serve(RED: NodeAPI, path: string, question: Question): void {
  RED.httpAdmin.post(path, RED.auth.needsPermission("cemm.write"), (request, response) => {
    answer(request, response, question).catch((error) => fail(response, error));
  });
}

async function answer(request: Request, response: Response, question: Question): Promise<void> {
  const form = formOf(request);
  if (running >= MOST_AT_ONCE) throw new Refusal("CEMM_BUSY", "Too much is being asked at once. Try again.", 429);
  const ending = new AbortController();
  const slow = () => ending.abort(new CemmError("CEMM_TIMEOUT", `There was no answer in ${LONGEST_ASK / 1000} s.`));
  const timer = setTimeout(slow, LONGEST_ASK);
  // Who closes the dialog does not wait any more.
  response.on("close", () => ending.abort(new CemmError("CEMM_TIMEOUT", "Nobody waits for the answer any more.")));
  running++;
  try {
    response.json(await question(form, { signal: ending.signal }));
  } finally {
    running--;
    clearTimeout(timer);
  }
}

function fail(response: Response, error: unknown): void {
  const status = error instanceof Refusal ? error.status : 422;
  response.status(status).json(problemOf(error));
}
