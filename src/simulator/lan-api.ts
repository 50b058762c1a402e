/** The local API: one server for each CEMM. See "Local Open API" of the vendor's page. */
import type { z } from "zod";
import type { DeviceInfo, History, IoList, Readings } from "../lib/data/schemas.js";
import { askedTime, NOT_A_TIME } from "./asked-time.js";
import type { CalendarUnit } from "./calendar.js";
import type { Cemm } from "./cemm.js";
import type { FaultName, HttpReply } from "./faults.js";
import { type Api, badRequest, notFound, ok } from "./http-server.js";
import type { SimulatedMeter } from "./kinds.js";

interface LanQuestion {
  cemm: Cemm;
  now: number;
  query: URLSearchParams;
  fault: FaultName | undefined;
}

interface LanMeterQuestion extends LanQuestion {
  meter: SimulatedMeter;
}

const DEVICE: Readonly<Record<string, (question: LanQuestion) => HttpReply>> = { "": info, "io/": io };
const METER: Readonly<Record<string, (question: LanMeterQuestion) => HttpReply>> = {
  "realtime/": realtime,
  "data/day/": (question) => history(question, "day"),
  "data/month/": (question) => history(question, "month"),
  "data/year/": (question) => history(question, "year"),
};

/** `00:1E:C0:...` of a CEMM that is not this one. */
export const otherMac = (mac: string): string => mac.replace(/^../, "02");

export function lanApi(cemm: Cemm, now: () => number): Api {
  return (path, query, fault) => {
    const question = { cemm, now: now(), query, fault };
    const [, rest] = /^\/open-api\/v1\/(.*)$/.exec(path) ?? [];
    if (rest === undefined) return notFound();
    const ofDevice = DEVICE[rest];
    if (ofDevice) return ofDevice(question);
    const [, alias = "", endpoint = ""] = /^([^/]+)\/(.*)$/.exec(rest) ?? [];
    const meter = cemm.meter(alias);
    return (meter && METER[endpoint]?.({ ...question, meter })) ?? notFound();
  };
}

function info({ cemm, fault }: LanQuestion): HttpReply {
  const mac = fault === "wrong-mac" ? otherMac(cemm.info.mac) : cemm.info.mac;
  return ok({ data: { ...cemm.info, mac } } satisfies z.input<typeof DeviceInfo>);
}

function io({ cemm }: LanQuestion): HttpReply {
  const data = cemm.io().map(({ io_id, port, type, alias }) => ({ io_id, port, type, alias }));
  return ok({ data } satisfies z.input<typeof IoList>);
}

/** Only the cloud reports the breaker. */
function realtime({ cemm, meter, now }: LanMeterQuestion): HttpReply {
  const { switch: _, ...data } = cemm.live(meter, now);
  return ok({ data, totals: cemm.live(meter, now, "totals") } satisfies z.input<typeof Readings>);
}

/** The vendor's page asks for the start of the period; here any moment in it works. What a device does is unknown. */
function history({ cemm, meter, query, now }: LanMeterQuestion, unit: CalendarUnit): HttpReply {
  const asked = askedTime(query, now);
  if (asked === undefined) return badRequest(NOT_A_TIME);
  const period = cemm.period(unit, asked);
  const time = query.has("time") ? asked : period.start;
  const data = cemm.history(meter, period, now, null);
  return ok({ io_id: String(meter.ioId), time: time / 1000, data } satisfies z.input<typeof History>);
}
