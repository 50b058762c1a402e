/** What the body of an answer holds: data, or the promise of it. */
import { ApiPromise } from "../data/schemas.js";
import { badResponse } from "./failure.js";
import type { HttpResponse } from "./response-handler.js";

/** Node-RED's own copy of a message overflows at some thousand. */
const DEEPEST = 100;

export type ResponseBody = { promised: false; raw: unknown } | { promised: true; id: string | undefined };

/** @throws Failure `CEMM_BAD_RESPONSE` where it is not JSON, or nested deeper than any answer is. */
export function readBody({ status, header, text }: HttpResponse): ResponseBody {
  // The pages announce 202; the vendor's own client looks for a promise in a 200. Both happen.
  if (status === 202) return { promised: true, id: promiseIn(tryJson(text)) };
  if (!["", "identity"].includes((header("content-encoding") ?? "").trim().toLowerCase())) {
    throw badResponse("sent a compressed answer, unasked.");
  }
  const raw = parseJson(text);
  const id = promiseIn(raw);
  if (id !== undefined) return { promised: true, id };
  if (isDeeper(raw, DEEPEST))
    throw badResponse("sent an answer that is nested deeper than any CEMM's. Check the address.");
  return { promised: false, raw };
}

function promiseIn(raw: unknown): string | undefined {
  // Looked at first, because a schema that does not fit takes its time to say why.
  if (typeof raw !== "object" || raw === null || !("promise" in raw)) return undefined;
  return ApiPromise.safeParse(raw).data?.promise;
}

function tryJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function parseJson(text: string): unknown {
  const raw = tryJson(text);
  if (raw !== undefined) return raw;
  if (text === "") throw badResponse("sent an empty answer. Try again; if it stays, restart the CEMM.");
  // Too small a content-length arrives as a 200 with cut JSON.
  if (/^\s*[{[]/.test(text)) {
    throw badResponse("sent JSON that breaks off. Try again; if it stays, restart the CEMM.", true);
  }
  throw badResponse("sent something that is not JSON. Perhaps another device, or a sign-in page, is at this address.");
}

/** Whether any value lies more than `levels` levels below. The recursion goes no further than that. */
function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (levels < 0) return true;
  for (const child of Array.isArray(value) ? value : Object.values(value)) {
    if (isDeeper(child, levels - 1)) return true;
  }
  return false;
}
