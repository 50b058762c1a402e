import type { Node, NodeAPI, NodeMessage } from "node-red";
import { CemmError } from "../../lib/internal.js";
import { messageOf } from "./problem.js";

/** The stored value of the editor's typed input. */
export interface TypedValue {
  value: string;
  type: string;
  /** Its name in errors. */
  label?: string;
}

/** The field's value for this message. @throws CemmError `CEMM_INPUT` for a broken expression, for instance */
export function evaluate(RED: NodeAPI, node: Node, msg: NodeMessage, field: TypedValue): Promise<unknown> {
  const { value, type } = field;
  if (type === "str") return Promise.resolve(value);
  return new Promise((resolve, reject) => {
    const settle = (error: unknown, result?: unknown) => {
      if (error) reject(unusable(field, error));
      else resolve(type === "env" ? withoutLineEnd(result) : result);
    };
    try {
      RED.util.evaluateNodeProperty(value, type, node, msg, settle);
    } catch (error) {
      settle(error);
    }
  });
}

/** A variable from a Windows file ends with a carriage return. */
export function withoutLineEnd<T>(value: T): T | string {
  return typeof value === "string" ? value.replace(/\r$/, "") : value;
}

const PLACES = ["msg", "flow", "global", "env"];

/** Where the value comes from: `msg.alias`, or the expression; undefined for a literal value. */
export function sourceOf({ value, type }: TypedValue): string | undefined {
  if (type === "jsonata") return value;
  return PLACES.includes(type) ? `${type}.${value}` : undefined;
}

function unusable(field: TypedValue, error: unknown): CemmError {
  const { label, value } = field;
  const what = `${sourceOf(field) ?? value} cannot be evaluated: ${messageOf(error)}`;
  return new CemmError("CEMM_INPUT", label === undefined ? what : `${label}: ${what}`);
}
