/** The cloud API: all CEMMs of one account behind one key. See "Open API" of the vendor's page. */
import type { z } from "zod";
import type { ApiPromise, CemmList, History, IoList, Readings } from "../lib/data/schemas.js";
import { askedTime, NOT_A_TIME } from "./asked-time.js";
import type { PeriodUnit } from "./calendar.js";
import { type Cemm, ioEntry } from "./cemm.js";
import type { Reply } from "./faults.js";
import { type Api, badRequest, notFound, ok, refused } from "./http-server.js";
import type { Meter } from "./meters.js";
import { Promises } from "./promises.js";

export interface CloudOptions {
  cemms: readonly Cemm[];
  apiKey: string;
  /** How long a promise takes, ms; 0: none. */
  promise: number;
  seed: string;
  now: () => number;
}

interface Question {
  cemm: Cemm;
  query: URLSearchParams;
  /** When the CEMM answered. */
  now: number;
}

interface MeterQuestion extends Question {
  meter: Meter;
}

const METER: Readonly<Record<string, (question: MeterQuestion) => Reply>> = {
  "": meterEntry,
  "realtime/": realtime,
  "data/day/": (question) => history(question, "day"),
  "data/month/": (question) => history(question, "month"),
  "data/year/": (question) => history(question, "year"),
  "totals/": totals,
};

/** The aliases that every endpoint's description lists; others are answered with 412. */
const ALIASES = new Set(["p1", "p1-gas", "s01", "s02", "s03"]);
const DENIED = refused(403, "Access denied. API key invalid for this action");
const ALIAS_REFUSED = refused(412, "The specified alias is not supported by this endpoint");
// Both base addresses are in use: https://open-api.cemm.nl/v1/ and https://mijn.cemm.nl/open-api/v1/.
const PATH = /^(?:\/open-api)?\/v1\/cemm\/(?:([^/]+)\/(?:([^/]+)\/(.*))?)?$/;

export function cloudApi({ cemms, apiKey, promise, seed, now }: CloudOptions): Api {
  const promises = new Promises(promise, seed);
  const neverKept = new Promises(Number.POSITIVE_INFINITY, seed);
  return (path, query, fault) => {
    const [matched, uid, alias, endpoint = ""] = PATH.exec(path) ?? [];
    if (matched === undefined || (uid !== undefined && alias === undefined)) return notFound();
    const isList = alias === "io" && endpoint === "";
    if (!isList && METER[endpoint] === undefined) return notFound();
    if (query.get("api_key") !== apiKey) return DENIED;
    if (uid === undefined) return cemmList(cemms);
    const cemm = cemms.find((one) => one.uid === uid);
    if (!cemm) return DENIED;
    const meter = alias !== undefined && ALIASES.has(alias) ? cemm.meter(alias) : undefined;
    if (!isList && !meter) return ALIAS_REFUSED;

    const request = [uid, alias, endpoint, query.get("time")].join("/");
    const state = (fault === "promise-forever" ? neverKept : promises).ask(request, now());
    if ("promise" in state) return promised(state);
    const question = { cemm, query, now: state.answeredAt };
    return (meter ? METER[endpoint]?.({ ...question, meter }) : io(question)) ?? notFound();
  };
}

function promised(body: z.input<typeof ApiPromise>): Reply {
  return { status: 202, body };
}

/** Answered at once: the cloud knows its accounts, no CEMM needs to be asked. */
function cemmList(cemms: readonly Cemm[]): Reply {
  const body: z.input<typeof CemmList> = { data: cemms.map(({ uid }) => ({ uid })) };
  return ok(body);
}

function io({ cemm }: Question): Reply {
  return entries(cemm.io());
}

function meterEntry({ meter }: MeterQuestion): Reply {
  return entries([ioEntry(meter)]);
}

/** Only the local API tells aliases. */
function entries(list: z.input<typeof IoList>["data"]): Reply {
  const body: z.input<typeof IoList> = { data: list.map(({ alias: _, ...entry }) => entry) };
  return ok(body);
}

function realtime({ cemm, meter, now }: MeterQuestion): Reply {
  const body: z.input<typeof Readings> = { io_id: meter.ioId, data: cemm.live(meter, now) };
  return ok(body);
}

function history({ cemm, meter, query, now }: MeterQuestion, unit: PeriodUnit): Reply {
  const time = askedTime(query, now);
  if (time === undefined) return badRequest(NOT_A_TIME);
  const data = cemm.history(meter, cemm.period(unit, time), now, 0);
  const body: z.input<typeof History> = { io_id: meter.ioId, time, data };
  return ok(body);
}

function totals({ cemm, meter, query, now }: MeterQuestion): Reply {
  const time = askedTime(query, now);
  if (time === undefined) return badRequest(NOT_A_TIME);
  const body: z.input<typeof Readings> = { io_id: meter.ioId, time, data: cemm.totals(meter, time, now) };
  return ok(body);
}
