/** The package brings no types; these are the parts that the tests use. */
declare module "node-red-node-test-helper" {
  import type { Node, NodeAPI, NodeMessage } from "node-red";

  type NodeSet = (RED: NodeAPI) => unknown;

  interface Helper {
    init(runtimePath: string, settings?: object): void;
    settings(settings: object): object;
    startServer(): Promise<void>;
    stopServer(): Promise<void>;
    load(nodes: NodeSet | NodeSet[], flow: object[], credentials?: Record<string, object>): Promise<void>;
    unload(): Promise<void>;
    // biome-ignore lint/suspicious/noExplicitAny: a node of any type, with its own properties and with sinon's spies
    getNode(id: string): any;
    setFlows(flow: object[], type?: string, credentials?: Record<string, object>): Promise<void>;
    clearFlows(): Promise<void>;
    request(): unknown;
    url(): string;
    // biome-ignore lint/suspicious/noExplicitAny: sinon's spy of RED.log
    log(): any;
  }

  const helper: Helper;
  export default helper;
  export type { Node, NodeMessage, NodeSet };
}
