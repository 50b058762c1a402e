import type { NodeAPI, NodeDef } from "node-red";
import { CemmAccount } from "../../lib/internal.js";
import { type AccountNode, asText, checkVariables } from "../shared/config-nodes.js";

interface AccountDef extends NodeDef {
  baseUrl: string;
  concurrency?: string | number;
}

export default function (RED: NodeAPI): void {
  function CemmAccountNode(this: AccountNode, config: AccountDef): void {
    RED.nodes.createNode(this, config);
    Object.assign(this, { baseUrl: asText(config.baseUrl) });
    let account: CemmAccount | undefined;
    this.account = () => {
      checkVariables([config.baseUrl, config.concurrency], `The account "${config.name}"`);
      // Credentials are undefined without a key, or if they cannot be decrypted.
      const apiKey = this.credentials?.apiKey;
      account ??= new CemmAccount({
        apiKey: typeof apiKey === "string" ? apiKey.trim() : "",
        baseUrl: asText(config.baseUrl),
        concurrency: asText(config.concurrency) === "" ? undefined : Number(config.concurrency),
        name: asText(config.name),
      });
      return account;
    };
    this.on("close", (done: () => void) => {
      Promise.resolve(account?.close()).then(done, done);
    });
  }
  RED.nodes.registerType("cemm-account", CemmAccountNode, { credentials: { apiKey: { type: "password" } } });
}
