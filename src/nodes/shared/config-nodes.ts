/** The interface of the two config nodes for the flow nodes. */
import type { Node, NodeAPI } from "node-red";
import {
  type CemmAccount,
  type CemmClient,
  CemmError,
  nameOf,
  type RouteName,
  variableIn,
} from "../../lib/internal.js";
import type { WarnOnce } from "./warn-once.js";

export interface AccountNode extends Node<{ apiKey: unknown }> {
  readonly baseUrl: string;
  /** Opened once, and closed with the node. @throws CemmError `CEMM_CONFIG` */
  account(): CemmAccount;
}

export interface DeviceNode extends Node {
  readonly access: string;
  /** As configured, normalised; blank if not configured. */
  readonly host: string;
  readonly uid: string;
  /** Warnings about the clocks of the CEMMs that are asked through this node. */
  readonly clockWarnings: WarnOnce;
  /** Opened once, and closed with the node. @throws CemmError `CEMM_CONFIG` */
  client(): CemmClient;
}

export function isAccountNode(node: Node | null): node is AccountNode {
  return node?.type === "cemm-account" && "account" in node;
}

export function isDeviceNode(node: Node | null): node is DeviceNode {
  return node?.type === "cemm-device" && "client" in node;
}

/** @throws CemmError `CEMM_CONFIG` if there is no such account, or it is disabled. */
export function accountOf(RED: NodeAPI, id: string | undefined, label: string): CemmAccount {
  const node = id ? RED.nodes.getNode(id) : null;
  if (isAccountNode(node)) return node.account();
  throw new CemmError("CEMM_CONFIG", `${label} has no account. Choose one that exists and is enabled.`);
}

/** @throws CemmError `CEMM_CONFIG` if there is no such CEMM, or it is disabled. */
export function deviceOf(RED: NodeAPI, id: string | undefined, label: string): DeviceNode {
  const node = id ? RED.nodes.getNode(id) : null;
  if (isDeviceNode(node)) return node;
  throw new CemmError("CEMM_CONFIG", `${label} has no CEMM. Choose one that exists and is enabled.`);
}

/** A property as text: a flow file may contain anything, and a variable may end with a line break. */
export function asText(property: unknown): string {
  return property === undefined || property === null ? "" : String(property).trim();
}

/** Node-RED leaves `${NAME}` unchanged if there is no such variable. @throws CemmError `CEMM_CONFIG` */
export function checkVariables(values: readonly unknown[], label: string): void {
  const unset = values.map(asText).find((value) => variableIn(value) !== undefined);
  if (unset === undefined) return;
  throw new CemmError("CEMM_CONFIG", `${label} uses the environment variable ${unset}, which is not set.`);
}

/** The label of the CEMM with that id in log lines. */
export function deviceName(RED: NodeAPI, id: string): string {
  const node = RED.nodes.getNode(id);
  return isDeviceNode(node) ? nameOf(node) : "CEMM";
}

/** The route whose limits apply before the first answer. */
export function firstRoute(RED: NodeAPI, id: string): RouteName {
  const node = RED.nodes.getNode(id);
  return isDeviceNode(node) && node.access === "cloud" ? "cloud" : "lan";
}
