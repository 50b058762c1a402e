import type { Node, NodeAPI, NodeMessage } from "node-red";
import { CemmError } from "../../lib/index.js";

/** A field as the editor's typed input keeps it. */
export interface TypedValue {
  value: string;
  type: string;
}

/**
 * What the field means for this message.
 * @throws CemmError `CEMM_INPUT` where it cannot be evaluated, such as a broken JSONata expression.
 */
export async function evaluate(RED: NodeAPI, node: Node, msg: NodeMessage, field: TypedValue): Promise<unknown> {
  const { value, type } = field;
  if (type === "str") return value;
  return new Promise((resolve, reject) => {
    const settle = (error: Error | null, result: unknown) => {
      if (error) reject(unusable(field, error));
      else resolve(result);
    };
    try {
      RED.util.evaluateNodeProperty(value, type, node, msg, settle);
    } catch (error) {
      reject(unusable(field, error));
    }
  });
}

const PLACES = ["msg", "flow", "global", "env"];

/** Where the value comes from: `msg.alias`, or the expression; undefined for what the field itself holds. */
export function sourceOf({ value, type }: TypedValue): string | undefined {
  if (type === "jsonata") return value;
  return PLACES.includes(type) ? `${type}.${value}` : undefined;
}

function unusable(field: TypedValue, error: unknown): CemmError {
  const reason = error instanceof Error ? error.message : String(error);
  return new CemmError("CEMM_INPUT", `${sourceOf(field) ?? field.value} cannot be evaluated: ${reason}`);
}
