/** The package has no types; these are the parts that the tests use. */
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
    getNode(id: string): Node | null;
    setFlows(flow: object[], type?: string, credentials?: Record<string, object>): Promise<void>;
    clearFlows(): Promise<void>;
    request(): unknown;
    url(): string;
    /** Sinon's spy on RED.log, with the arguments of each call. */
    log(): { args: unknown[][] };
  }

  const helper: Helper;
  export default helper;
  export type { Node, NodeMessage, NodeSet };
}
