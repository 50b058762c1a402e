import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import type { RequestOptions } from "./account.js";
import type { CemmClient } from "./client.js";
import type { Answer, CemmInfo, Meter } from "./data/answer.js";
import type { LoggedRequest } from "./request-log.js";

const Package = z.object({ name: z.string(), version: z.string() });
const ownPackage = Package.parse(JSON.parse(readFileSync(join(__dirname, "../../package.json"), "utf8")));

const MAX_METERS = 20;
/** For texts from the device: a model's name has about ten letters. */
const MAX_TEXT = 40;

/**
 * A text to paste into a report: versions, access, the CEMM's firmware, its meters with the channels of each,
 * and the client's last requests with their codes and times. It contains no key, address, name or complete MAC address.
 * Asks the CEMM for all of this; failures appear among the requests. Never rejects.
 */
export async function diagnostics(client: CemmClient, options?: RequestOptions): Promise<string> {
  const info = await orNothing(client.info(options));
  const meters = (await orNothing(client.meters(options))) ?? [];
  const lines = [versions(), `access: ${client.access}, time zone: ${client.timezone}`, cemmLine(info)];
  for (const meter of meters.slice(0, MAX_METERS)) {
    // The cloud does not list the alias; a smart meter's alias is its type.
    const answer = await orNothing(client.realtime(meter.alias ?? meter.type, options));
    lines.push(meterLine(meter, answer));
  }
  return [...lines, ...requestLines(client.recentRequests)].join("\n");
}

/** One line for each request, oldest first. */
export function requestLines(requests: readonly LoggedRequest[]): string[] {
  return requests.map(({ question, at, ms, route, code, statusCode }) => {
    const outcome = [route, code, statusCode].filter((part) => part !== undefined).join(" ");
    return `${new Date(at).toISOString()} ${question}: ${outcome || "answered"}, ${ms} ms`;
  });
}

async function orNothing<T>(request: Promise<T>): Promise<T | undefined> {
  return request.catch(() => undefined);
}

function versions(): string {
  const { name, version } = ownPackage;
  return `${name} ${version}, Node.js ${process.version}, ${process.platform} ${process.arch}`;
}

function cemmLine(info: CemmInfo | undefined): string {
  if (!info) return "CEMM: does not describe itself";
  const { firmware, core, uid } = info;
  // The half that identifies the manufacturer, not the device.
  const mac = uid ? `${uid.slice(0, 8)}-…` : "none";
  return `CEMM: firmware ${short(firmware)}, core ${short(core)}, MAC address ${mac}`;
}

function meterLine({ alias, type, port }: Meter, answer: Answer | undefined): string {
  const meter = `meter ${short(alias)}: ${short(type)}, port ${port ?? "?"}`;
  if (!answer) return `${meter}; no live values`;
  const { age, stale, unusable, channels } = answer;
  const faults = [...(stale ? ["stale"] : []), ...unusable.map((channel) => `unusable ${short(channel)}`)];
  const names = Object.keys(channels).map(short).join(" ");
  return [`${meter}; ${names}; age ${age ?? "?"} ms`, ...faults].join("; ");
}

function short(text: string | null): string {
  return text?.slice(0, MAX_TEXT) ?? "?";
}
