/** Answers a browser: files, JSON and events. Never asks the CEMM. */
import type { Response } from "express";
import {
  CemmError,
  type House,
  type Live,
  type PeriodUnit,
  type PeriodView,
  type Readings,
} from "../../lib/internal.js";
import { sendFile } from "./files.js";
import { eventText, type Listeners } from "./listeners.js";
import type { Page } from "./pages.js";

/** The source of the answers. */
export interface Views {
  house(): House;
  live(): Live;
  readings(): Readings;
  /** `time` as in a node's field. @throws CemmError `CEMM_INPUT` */
  period(unit: PeriodUnit, time: string): PeriodView;
}

const HEADERS = {
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
} as const;

const PERIOD = /^\/(?:day\/(?<day>\d{4}-\d\d-\d\d)|month\/(?<month>\d{4}-\d\d)|year\/(?<year>\d{4}))$/;

/** `onDefect`: called with an error that is a bug. The browser gets no stack, which express would send. */
export function pageServer(views: Views, listeners: Listeners, onDefect: (error: unknown) => void): Page["serve"] {
  return (request, response, rest) => {
    response.set(HEADERS);
    try {
      // With a slash, so that the page's relative addresses resolve below it.
      if (rest === "") response.redirect(302, `${request.path.split("/").at(-1)}/`);
      else if (rest === "/api/events") listen(views, listeners, response);
      else if (rest.startsWith("/api/")) sendJson(response, () => answer(views, rest.slice("/api".length)));
      else sendFile(request, response, rest);
    } catch (error) {
      if (!response.headersSent) response.status(500);
      response.end();
      onDefect(error);
    }
  };
}

function answer(views: Views, path: string): object | undefined {
  if (path === "/house") return views.house();
  if (path === "/readings") return views.readings();
  const { day, month, year } = PERIOD.exec(path)?.groups ?? {};
  if (day) return views.period("day", day);
  if (month) return views.period("month", month);
  return year ? views.period("year", year) : undefined;
}

function sendJson(response: Response, find: () => object | undefined): void {
  response.set("Cache-Control", "no-store");
  try {
    const body = find();
    if (body) response.json(body);
    else notFound(response);
  } catch (error) {
    // Such as 31 February.
    if (!(error instanceof CemmError)) throw error;
    notFound(response);
  }
}

const notFound = (response: Response): void => void response.status(404).json({ error: "Not found." });

function listen(views: Views, listeners: Listeners, response: Response): void {
  if (!listeners.add(response)) {
    response.status(503).set("Retry-After", "60").json({ error: "Too many browsers are showing this page." });
    return;
  }
  response.write(eventText("house", views.house()) + eventText("live", views.live()));
}
