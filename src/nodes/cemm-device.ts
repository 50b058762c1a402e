import type { NodeAPI, NodeDef } from "node-red";
import { ACCESSES, type Access, CemmClient, CemmError } from "../lib/index.js";
import { accountOf, type DeviceNode } from "./config-nodes.js";

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
    const { name, host, uid, timezone } = config;
    const access = accessOf(config);
    const account = access === "lan" ? undefined : accountOf(RED, config.account, `The CEMM "${name || host || uid}"`);
    const timeout = config.timeout === "" || config.timeout === undefined ? 30 : Number(config.timeout);
    return new CemmClient({ access, host, uid, account, timezone, timeout, name, log: (line) => node.log(line) });
  }

  function CemmDeviceNode(this: DeviceNode, config: DeviceDef): void {
    RED.nodes.createNode(this, config);
    Object.assign(this, { access: config.access });
    let client: CemmClient | undefined;
    this.client = () => {
      client ??= open(this, config);
      return client;
    };
    this.on("close", () => client?.close());
  }
  RED.nodes.registerType("cemm-device", CemmDeviceNode);
}

function accessOf({ access = "lan", name }: DeviceDef): Access {
  const known = ACCESSES.find((each) => each === access);
  if (known) return known;
  throw new CemmError("CEMM_CONFIG", `The CEMM "${name}": its access must be lan, cloud or auto, not "${access}".`);
}
