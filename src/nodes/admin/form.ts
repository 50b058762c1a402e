/** What a dialog sends, checked before anything is done with it; and what it is told. */
import type { Request } from "express";
import { CemmError, type CemmErrorCode } from "../../lib/index.js";

const LONGEST_FIELD = 500;
const LONGEST_TEXT = 200;

/** The values of a dialog, by name; `""` for what is not there. @throws Refusal */
export type Form = (name: string) => string;

/** What keeps a dialog from asking at all: an answer to a person, so no error of a flow. */
export class Refusal extends Error {
  constructor(
    readonly code: "CEMM_NOT_DEPLOYED" | "CEMM_KEY_AGAIN" | "CEMM_BUSY" | "CEMM_INPUT",
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

/** JSON only: a page of another site could send a plain form with a person's rights, but not this. */
export function formOf(request: Request): Form {
  const body: unknown = request.body;
  if (!request.is("json") || typeof body !== "object" || body === null || Array.isArray(body)) {
    throw new Refusal("CEMM_INPUT", "A JSON object is needed.", 400);
  }
  const fields = new Map<string, unknown>(Object.entries(body));
  return (name) => {
    const value = fields.get(name) ?? "";
    if (typeof value === "number") return String(value);
    if (typeof value === "string" && value.length <= LONGEST_FIELD) return fromEnv(value.trim());
    throw new Refusal("CEMM_INPUT", `The value of ${name} cannot be used.`, 400);
  };
}

/** `${NAME}` of the machine's environment, as on deploy; it stays as it is where there is no such variable. */
function fromEnv(text: string): string {
  const name = /^\$\{(\w+)\}$/.exec(text)?.[1];
  return (name !== undefined && process.env[name]) || text;
}

/** What a device says of itself, no longer than a person reads. */
export function shown(text: unknown): string | null {
  return typeof text === "string" ? text.slice(0, LONGEST_TEXT) : null;
}

/** As the dialogs get it, without anything foreign. */
export function problemOf(error: unknown): { code: CemmErrorCode | Refusal["code"]; message: string } {
  if (error instanceof CemmError || error instanceof Refusal) return { code: error.code, message: error.message };
  return { code: "CEMM_BAD_RESPONSE", message: `Unexpected: ${shown(error instanceof Error ? error.message : error)}` };
}
