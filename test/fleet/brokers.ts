/** Mosquitto at a site and at the centre, with the files of examples/fleet. */
import { execFileSync } from "node:child_process";
import { chownSync, cpSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { Credentials, FlowNode } from "../support/node-red.js";
import { freePort } from "../support/node-red-process.js";
import { idsOf, Program } from "./program.js";
import { canConnect, EXAMPLE, exampleFile, makeFolder, PASSWORD, type Server, writeFile } from "./servers.js";

/** The site's name in those files. */
export const SITE = "house1";
/** The host name in the centre's certificate. */
const HOST = "localhost";

const Nodes = z.array(z.looseObject({ id: z.string(), type: z.string() }));

/** The centre's broker; `ca`: the file with the trusted certificates. */
export async function startCentre(folder: string): Promise<Server & { ca: string }> {
  makeFolder(folder, "mosquitto");
  execFileSync("sh", [join(EXAMPLE, "centre/certificates.sh"), HOST], { cwd: folder, stdio: "ignore" });
  cpSync(join(EXAMPLE, "centre/acl"), join(folder, "acl"));
  const port = await freePort();
  const config = exampleFile("centre/mosquitto.conf").replace(/^listener \d+$/m, `listener ${port} ${HOST}`);
  const program = await startBroker(folder, config, port, ["centre", SITE]);
  return { program, port, ca: join(folder, "ca.crt") };
}

/** A site's broker, which connects to the centre at a local port. */
export async function startSite(folder: string, ca: string, centrePort: number): Promise<Server> {
  makeFolder(folder, "mosquitto");
  cpSync(ca, join(folder, "ca.crt"));
  const port = await freePort();
  const config = exampleFile("site/mosquitto.conf")
    .replace(/^listener \d+/m, `listener ${port}`)
    .replace(/^address .*$/m, `address ${HOST}:${centrePort}`);
  return { program: await startBroker(folder, config, port, ["nodered"]), port };
}

/** Adds the settings of Debian's own file. */
async function startBroker(folder: string, config: string, port: number, users: string[]): Promise<Program> {
  for (const [n, user] of users.entries()) {
    execFileSync("mosquitto_passwd", ["-b", ...(n === 0 ? ["-c"] : []), join(folder, "passwd"), user, PASSWORD]);
  }
  const own = config.replaceAll("/etc/mosquitto/certs/", `${folder}/`).replaceAll("/etc/mosquitto/", `${folder}/`);
  const debian = ["persistence true", `persistence_location ${folder}/`, "log_dest stderr"];
  const file = writeFile(join(folder, "mosquitto.conf"), [...debian, own]);
  // Mosquitto reads them as the user mosquitto.
  const ids = idsOf("mosquitto");
  for (const name of readdirSync(folder)) if (ids) chownSync(join(folder, name), ids.uid, ids.gid);
  return Program.start({
    name: "Mosquitto",
    command: "mosquitto",
    args: ["-c", file],
    isReady: () => canConnect(port),
  });
}

/** A site's flow as shipped, with this broker and CEMM. */
export function siteFlow(broker: number, cemm: string): { flows: FlowNode[]; credentials: Credentials } {
  const nodes = Nodes.parse(JSON.parse(readFileSync(join(EXAMPLE, "site/flow.json"), "utf8")));
  const changed: Record<string, object> = {
    "mqtt-broker": { port: `${broker}` },
    "cemm-device": { host: cemm },
    "cemm-realtime": { repeat: 1 },
  };
  return {
    flows: nodes.map((node) => ({ ...node, ...changed[node.type] })),
    credentials: { "site-broker": { user: "nodered", password: PASSWORD } },
  };
}
