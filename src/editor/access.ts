import type { Access } from "../lib/data/answer.js";
import { current } from "./form.js";

/** Of the config node, as its open dialog shows it; where none is chosen, as a new one has it. */
export function accessOf(device: EditorNode | null): Access {
  const access = device && current(device, "access");
  return access === "cloud" || access === "auto" ? access : "lan";
}
