/** The house's energy on a page: one poller for however many browsers, and a message when a day is over. */
import type { Node, NodeAPI } from "node-red";
import { CemmError } from "../../lib/internal.js";
import { Problem } from "../shared/problem.js";
import { StatusLine } from "../shared/status.js";
import { EnergyPage } from "./energy-page.js";
import { type PageDef, pathOf } from "./page-def.js";
import { Pages } from "./pages.js";

export default function (RED: NodeAPI): void {
  const pages = new Pages(RED);
  function CemmPageNode(this: Node, config: PageDef): void {
    RED.nodes.createNode(this, config);
    try {
      open(RED, this, config, pages);
    } catch (error) {
      new StatusLine(RED, this).failed(error);
      this.error(new Problem(error), { _msgid: RED.util.generateId() });
    }
  }
  RED.nodes.registerType("cemm-page", CemmPageNode);
}

/** @throws CemmError `CEMM_CONFIG` */
function open(RED: NodeAPI, node: Node, config: PageDef, pages: Pages): void {
  if (String(RED.settings.httpNodeRoot) === "false") {
    throw new CemmError("CEMM_CONFIG", "The page cannot be served: httpNodeRoot is false in Node-RED's settings.js.");
  }
  const path = pathOf(config);
  const page = new EnergyPage(RED, node, config);
  node.on("close", (isRemoved: boolean, done: () => void) => {
    pages.remove(path, page);
    if (isRemoved) page.forget().then(done, done);
    else done();
  });
  pages.add(path, page);
}
