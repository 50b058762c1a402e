import type { Answer } from "../../src/lib/data/answer.js";
import type { Period } from "../../src/lib/data/calendar.js";
import { ApiPromise, History, readHistory } from "./built.js";

/** A day's body as the client reads it. */
export function dayAnswer(text: string, period: Period): Answer {
  const raw: unknown = JSON.parse(text);
  if (ApiPromise.safeParse(raw).success) throw new Error("It is only promised.");
  const channels = readHistory(History.parse(raw).data, period, Date.now());
  const origin = { kind: "day", source: "lan", uid: null, alias: "p1", ioId: 1 } as const;
  return { ...origin, ...channels, period, suspects: [], age: null, stale: false, requestedAt: 0, receivedAt: 0, raw };
}
