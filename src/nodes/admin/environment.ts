/** `${NAME}` in a dialog's field: the value it will have on deploy. */
import type { Node, NodeAPI, NodeDef } from "node-red";
import { variableIn } from "../../lib/internal.js";

/** The position of a node: its id, its tab or subflow, its group; `""` for none. */
interface Place {
  id: string;
  z: string;
  g: string;
}

/** The variable's value if `text` names one that is set; else `text`. */
export function resolve(RED: NodeAPI, text: string, place: Place): string {
  const name = variableIn(text);
  if (name === undefined) return text;
  const node = neighbour(RED, place);
  const value: unknown = node ? RED.util.getSetting(node, name) : process.env[name];
  return value === undefined ? text : String(value);
}

/** A running node that sees the same variables: the node itself, else one of its group, its flow, or the global flow. */
function neighbour(RED: NodeAPI, { id, z, g }: Place): Node | undefined {
  const defs: NodeDef[] = [];
  RED.nodes.eachNode((def) => defs.push(def));
  const isAt = (def: NodeDef, flow: string, group: string) => {
    const place: Partial<Place> = def;
    return (place.z ?? "") === flow && (place.g ?? "") === group;
  };
  const nearest = [
    (def: NodeDef) => def.id === id && isAt(def, z, g),
    (def: NodeDef) => isAt(def, z, g),
    (def: NodeDef) => isAt(def, z, ""),
    (def: NodeDef) => def.type === `subflow:${z}`,
    (def: NodeDef) => isAt(def, "", ""),
  ];
  const running = nearest.flatMap((isNear) => defs.filter(isNear)).map((def) => RED.nodes.getNode(def.id));
  return running.find((node) => node);
}
