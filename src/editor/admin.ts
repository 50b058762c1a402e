/** Requests to the runtime, by the admin routes of the dialogs. */
import type { Answers } from "../nodes/admin/routes.js";

/** The error of a request; `code` has a text in the catalogue. */
interface AskProblem {
  code: string;
  message?: string;
}

export type FoundCemm = Answers["search"]["cemms"][number];
export type TestedRoute = Answers["device/test"]["routes"][number];
export type ListedMeter = Answers["device/meters"]["meters"][number];
export type ReplayedDay = Answers["trigger/day"];

/** Rejects with a {@link AskProblem}. The address is relative, so that Node-RED adds its root and login. */
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

function problemOf({ status, responseJSON }: JQuery.jqXHR): AskProblem {
  if (status === 401 || status === 403) return { code: "login" };
  if (typeof responseJSON?.code !== "string") return { code: "offline" };
  return { code: responseJSON.code, message: String(responseJSON.message ?? "") };
}

/** The error of a rejection, for anything that was thrown. */
export function toProblem(error: unknown): AskProblem {
  if (typeof error !== "object" || error === null || !("code" in error)) return { code: "offline" };
  return {
    code: String(error.code),
    ...("message" in error && { message: String(error.message) }),
  };
}
