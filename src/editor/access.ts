import type { Access } from "../lib/data/answer.js";
import { current } from "./form.js";

/** The access of the config node, from its open dialog if any; without a node, the default. */
export function accessOf(device: EditorNode | null): Access {
  const access = device && current(device, "access");
  return access === "cloud" || access === "auto" ? access : "lan";
}
