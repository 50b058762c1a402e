import { diagnostics, REPORT_ADDRESS, requestLines } from "../../lib/index.js";
import { isDeviceNode } from "../shared/config-nodes.js";
import { problemOf } from "./form.js";
import { routesOf, withClient } from "./form-client.js";
import type { AdminRequest } from "./handler.js";

/** `reportTo`: a web address. */
interface Report {
  text: string;
  reportTo: string | undefined;
}

/**
 * `/cemm/device/diagnostics`: a text for a report, of the CEMM as entered; and what its nodes asked since the deploy.
 * Where the project has an address: where to report it, too.
 */
export async function deviceDiagnostics({ RED, form, options }: AdminRequest): Promise<Report> {
  const parts = [`Node-RED ${RED.version()}`];
  for (const route of routesOf(form)) {
    // Its code alone: a message may name the address.
    const text = withClient(RED, form, route, (client) => diagnostics(client, options));
    parts.push(await text.catch((error) => `${route}: ${problemOf(error).code}`));
  }
  const node = RED.nodes.getNode(form.text("id"));
  if (isDeviceNode(node)) parts.push("Since the deploy:", ...requestLines(node.client().recentRequests));
  return { text: parts.join("\n"), reportTo: REPORT_ADDRESS };
}
