/**
 * Hosts simulated devices: a process in its own network namespace, with the addresses of its devices. Controlled by its
 * parent.
 */
import { execFileSync } from "node:child_process";
import { createSocket } from "node:dgram";
import { writeFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import { z } from "zod";

export const Device = z.object({
  ip: z.string(),
  kind: z.enum(["cemm", "printer", "stranger"]),
  /** Null: it reports none. */
  mac: z.string().nullable(),
  /** The value of its counter. */
  counter: z.number(),
  /** Does not answer the broadcast. */
  isQuiet: z.boolean().optional(),
  /** Sent before the answer to the broadcast. */
  forged: z.array(z.looseObject({ mac: z.string() })).optional(),
});
export type Device = z.infer<typeof Device>;

const Command = z.object({ devices: z.array(Device) });
const BEGAN = Date.now();
const [link = ""] = process.argv.slice(2);
let devices: Device[] = [];

// Otherwise removing the first address removes the others of its network.
writeFileSync("/proc/sys/net/ipv4/conf/all/promote_secondaries", "1");

const ip = (...command: string[]) => execFileSync("ip", command, { stdio: "ignore" });

process.on("message", (message) => {
  const now = Command.parse(message).devices;
  const [before, after] = [devices, now].map((all) => new Set(all.map((device) => device.ip)));
  for (const address of before ?? []) if (!after?.has(address)) ip("addr", "del", `${address}/24`, "dev", link);
  for (const address of after ?? []) if (!before?.has(address)) ip("addr", "add", `${address}/24`, "dev", link);
  devices = now;
  process.send?.({ done: true });
});
process.on("disconnect", () => process.exit());

createServer((request, response) => {
  const device = devices.find((each) => each.ip === request.socket.localAddress);
  if (!device) request.socket.destroy();
  else if (device.kind === "printer") response.writeHead(404).end("<html>printer</html>");
  else answer(device, request.url ?? "", response);
}).listen(80, "0.0.0.0");

/** A stranger is a device without a MAC address, which answers as a CEMM does. */
function answer({ mac, counter }: Device, url: string, response: ServerResponse): void {
  const now = Date.now();
  const [power, t1] = [
    [now, counter / 10],
    [now, counter + (now - BEGAN) * 1e-7],
  ];
  const bodies: [string, unknown][] = [
    ["/open-api/v1/", { data: { ...(mac && { mac }), name: `house ${counter}`, core: "1.25" } }],
    ["/realtime/", { data: url.includes("/s01/") ? { electric_power: power } : { electric_power: power, t1 } }],
    ["/data/day/", { io_id: "1", data: { electric_power: [[now - 60_000, counter / 10]] } }],
  ];
  const [, body] = bodies.find(([path]) => (path.endsWith("v1/") ? url === path : url.includes(path))) ?? [];
  response.writeHead(body ? 200 : 404, { "content-type": "application/json" }).end(JSON.stringify(body ?? {}));
}

const receiver = createSocket("udp4");
receiver.on("message", (_, sender) => {
  process.send?.({ heardFrom: sender.port });
  for (const { ip: address, mac, isQuiet, kind, forged = [] } of devices) {
    if (isQuiet || kind !== "cemm" || !mac) continue;
    const replier = createSocket("udp4");
    replier.bind(0, address, () => {
      const answers = [...forged, { mac, type: "CEMM Basic", version: "1.25" }];
      for (const [n, each] of answers.entries()) {
        const isLast = n === answers.length - 1;
        replier.send(JSON.stringify(each), sender.port, sender.address, () => isLast && replier.close());
      }
    });
  }
});
receiver.bind(9777, "0.0.0.0", () => process.send?.({ ready: true }));
