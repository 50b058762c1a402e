/** What a dialog sends, checked before it is used; and how an error is answered. */
import type { Request } from "express";
import { CemmError, type CemmErrorCode } from "../../lib/index.js";
import type { Environment } from "./environment.js";

const MAX_FIELD_LENGTH = 500;
const MAX_TEXT_LENGTH = 200;
/** That a dialog lists. */
export const MAX_CEMMS = 50;

/** The values of a dialog, by name; `""` for what is not there. @throws AdminError */
export type Form = (name: string) => string;

/** An error of the dialog's request itself, which no flow ever sees. `status`: of the HTTP answer. */
export class AdminError extends Error {
  constructor(
    readonly code: "CEMM_NOT_DEPLOYED" | "CEMM_KEY_AGAIN" | "CEMM_BUSY" | "CEMM_INPUT",
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

/** JSON only: a page of another site could send a plain form with a person's rights, but not this. */
export function formOf(request: Request, environment: Environment): Form {
  const body: unknown = request.body;
  if (!request.is("json") || typeof body !== "object" || body === null || Array.isArray(body)) {
    throw new AdminError("CEMM_INPUT", "A JSON object is needed.", 400);
  }
  const fields = new Map<string, unknown>(Object.entries(body));
  return (name) => {
    const value = fields.get(name) ?? "";
    if (typeof value === "number") return String(value);
    if (typeof value === "string" && value.length <= MAX_FIELD_LENGTH) return environment.resolve(value.trim());
    throw new AdminError("CEMM_INPUT", `The value of ${name} cannot be used.`, 400);
  };
}

/** A foreign text, cut to what a person reads; null where it is none. */
export function shortText(text: string): string;
export function shortText(text: unknown): string | null;
export function shortText(text: unknown): string | null {
  if (typeof text !== "string") return null;
  return text.length > MAX_TEXT_LENGTH ? `${text.slice(0, MAX_TEXT_LENGTH - 1)}…` : text;
}

/** An error as the dialogs get it. */
export interface AdminProblem {
  code: CemmErrorCode | AdminError["code"];
  message: string;
}

/** Without the foreign object. */
export function problemOf(error: unknown): AdminProblem {
  if (error instanceof CemmError || error instanceof AdminError) return { code: error.code, message: error.message };
  return {
    code: "CEMM_BAD_RESPONSE",
    message: `Unexpected: ${shortText(error instanceof Error ? error.message : error)}`,
  };
}
