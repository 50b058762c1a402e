/** Checks what a dialog sends, and turns errors into answers. */
import type { Request } from "express";
import type { NodeAPI } from "node-red";
import { CemmError, type CemmErrorCode } from "../../lib/internal.js";
import { messageOf } from "../shared/problem.js";
import { type CloudCode, CloudProblem } from "./cloud-problem.js";
import { resolve } from "./environment.js";

const MAX_FIELD_LENGTH = 500;
/** Maximum number of CEMMs in any list of a dialog. */
export const MAX_CEMMS = 50;

/** The fields of a node as typed in its dialog, with the environment variables of its flow. */
export class Form {
  readonly #fields: ReadonlyMap<string, unknown>;

  constructor(
    private readonly RED: NodeAPI,
    fields: object,
  ) {
    this.#fields = new Map(Object.entries(fields));
  }

  /** The value of a field; `""` if missing. @throws AdminError */
  text(name: string): string {
    const place = { id: this.#typed("id"), z: this.#typed("z"), g: this.#typed("g") };
    return resolve(this.RED, this.#typed(name), place).trim();
  }

  /** The form of another node that this one names, such as its account. @throws AdminError */
  part(name: string): Form {
    const part = this.#fields.get(name) ?? {};
    if (!isFields(part)) throw unusable(name);
    return new Form(this.RED, part);
  }

  #typed(name: string): string {
    const value = this.#fields.get(name) ?? "";
    if (typeof value === "number") return String(value);
    if (typeof value === "string" && value.length <= MAX_FIELD_LENGTH) return value;
    throw unusable(name);
  }
}

/** JSON only: another site's page could send a plain form with the user's rights. @throws AdminError */
export function formOf(RED: NodeAPI, request: Request): Form {
  const body: unknown = request.body;
  if (request.is("json") && isFields(body)) return new Form(RED, body);
  throw new AdminError("CEMM_INPUT", "A JSON object is needed.", 400);
}

function isFields(value: unknown): value is object {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function unusable(name: string): AdminError {
  return new AdminError("CEMM_INPUT", `The value of ${name} cannot be used.`, 400);
}

/** An error of the dialog's request itself, never seen by a flow. `status`: of the HTTP answer. */
export class AdminError extends Error {
  constructor(
    readonly code: "CEMM_KEY_AGAIN" | "CEMM_BUSY" | "CEMM_INPUT",
    message: string,
    readonly status: number,
  ) {
    super(message);
  }
}

export interface AdminProblem {
  code: CemmErrorCode | AdminError["code"] | CloudCode;
  message: string;
}

/** An error as the dialog gets it, without the foreign object. */
export function problemOf(error: unknown): AdminProblem {
  if (error instanceof CemmError || error instanceof AdminError || error instanceof CloudProblem)
    return { code: error.code, message: error.message };
  return { code: "CEMM_BAD_RESPONSE", message: `Unexpected: ${messageOf(error)}` };
}
