/** Asks the runtime, by the admin routes behind the dialogs. */

/** Why there is no answer; `code` has a text in the catalogue. */
export interface Problem {
  code: string;
  message?: string;
}

/** A meter as the runtime lists it. */
export interface ListedMeter {
  alias: string | null;
  type: string | null;
  port: number | null;
}

export interface FoundCemm {
  uid: string;
  mac: string;
  host: string;
  name: string | null;
  model: string | null;
  core: string | null;
  firmware: string | null;
}

/** What one route told in a test, or what is wrong with it. */
export interface TestedRoute {
  source: "lan" | "cloud";
  error?: Problem;
  ms: number;
  uid: string | null;
  host?: string;
  name: string | null;
  firmware: string | null;
  core: string | null;
  meters: ListedMeter[];
  /** A live value of one of its meters. */
  now?: LiveValue | null | undefined;
}

/** `text`: the value with its unit. */
export interface LiveValue {
  alias: string;
  text: string;
}

/** A CEMM of an account, with its meters to know it by. */
export interface AccountCemm {
  uid: string;
  meters: ListedMeter[];
}

/** A channel of a day, and what a trigger would have done with it. Epoch ms. */
export interface RecordedDay {
  start: number;
  end: number;
  timezone: string;
  /** All that the meter recorded. */
  channels: string[];
  samples: [number, number | null][];
  on: { from: number; to: number }[];
  switchings: number;
}

/** The routes, with what each answers. */
interface Answers {
  search: { cemms: FoundCemm[]; tried: string[]; port: number };
  "device/test": { ways: TestedRoute[] };
  "device/diagnostics": { text: string };
  "device/meters": { meters: ListedMeter[] };
  "account/cemms": { uids: string[]; cemms?: AccountCemm[] };
  "account/test": { uids: string[]; cemms?: AccountCemm[]; ms: number };
  "trigger/day": RecordedDay;
}

/**
 * Rejects with a {@link Problem}. The address is relative, so that Node-RED adds its root and the login.
 */
export function ask<Path extends keyof Answers>(path: Path, body: Record<string, unknown>): Promise<Answers[Path]> {
  return new Promise((resolve, reject) => {
    $.ajax(`cemm/${path}`, {
      method: "POST",
      contentType: "application/json",
      timeout: 30_000,
      data: JSON.stringify(body),
    })
      .done(resolve)
      .fail((xhr) => reject(problemOf(xhr)));
  });
}

function problemOf({ status, responseJSON }: JQuery.jqXHR): Problem {
  if (status === 401 || status === 403) return { code: "login" };
  if (typeof responseJSON?.code !== "string") return { code: "offline" };
  return { code: responseJSON.code, message: String(responseJSON.message ?? "") };
}

/** What a rejection holds, whatever was thrown. */
export function toProblem(error: unknown): Problem {
  if (typeof error !== "object" || error === null || !("code" in error)) return { code: "offline" };
  return {
    code: String(error.code),
    ...("message" in error && { message: String(error.message) }),
  };
}
