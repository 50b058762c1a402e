import type { NodeAPI, NodeDef } from "node-red";
import { CemmClient, checkAccess, nameOf, parseHost, parseUid } from "../../lib/internal.js";
import { adminRoutes } from "../admin/routes.js";
import { accountOf, asText, checkVariables, type DeviceNode } from "../shared/config-nodes.js";
import { WarnOnce } from "../shared/warn-once.js";

interface DeviceDef extends NodeDef {
  access: string;
  host: string;
  uid: string;
  account: string;
  timezone: string;
  timeout: string | number;
}

export default function (RED: NodeAPI): void {
  function open(node: DeviceNode, config: DeviceDef): CemmClient {
    const [name, host, uid, timezone] = [config.name, config.host, config.uid, config.timezone].map(asText);
    const label = `The CEMM "${nameOf({ name, host, uid })}"`;
    checkVariables([config.access, host, uid, timezone, config.timeout], label);
    const access = checkAccess(asText(config.access) || "lan", label);
    const account = access === "lan" ? undefined : accountOf(RED, config.account, label);
    const timeout = asText(config.timeout) === "" ? undefined : Number(config.timeout);
    return new CemmClient({ access, host, uid, account, timezone, timeout, name, log: (line) => node.log(line) });
  }

  function CemmDeviceNode(this: DeviceNode, config: DeviceDef): void {
    RED.nodes.createNode(this, config);
    const [host, uid] = [asText(config.host), asText(config.uid)];
    const clockWarnings = new WarnOnce();
    Object.assign(this, {
      access: asText(config.access),
      host: parseHost(host) ?? host,
      uid: parseUid(uid) ?? uid,
      clockWarnings,
    });
    let client: CemmClient | undefined;
    this.client = () => {
      client ??= open(this, config);
      return client;
    };
    this.on("close", () => client?.close());
  }
  adminRoutes(RED);
  RED.nodes.registerType("cemm-device", CemmDeviceNode);
}
