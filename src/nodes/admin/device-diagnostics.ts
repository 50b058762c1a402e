import { diagnostics, requestLines } from "../../lib/internal.js";
import { isDeviceNode } from "../shared/config-nodes.js";
import { problemOf } from "./form.js";
import { routesOf, withClient } from "./form-client.js";
import type { AdminRequest } from "./handler.js";

/** `/cemm/device/diagnostics`: a text for a report, about the CEMM as entered and its requests since the deploy. */
export async function deviceDiagnostics({ RED, form, options }: AdminRequest): Promise<{ text: string }> {
  const parts = [`Node-RED ${RED.version()}`];
  for (const route of routesOf(form)) {
    // Only its code, since a message may contain the address.
    const text = withClient(RED, form, route, (client) => diagnostics(client, options));
    parts.push(await text.catch((error) => `${route}: ${problemOf(error).code}`));
  }
  const node = RED.nodes.getNode(form.text("id"));
  if (isDeviceNode(node)) parts.push("Since the deploy:", ...requestLines(node.client().recentRequests));
  return { text: parts.join("\n") };
}
