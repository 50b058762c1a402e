/**
 * What a CEMM or its cloud may send, in a process of its own: the alias says what. Started by `bench/storm.ts`.
 * `mb1`: a reading, at once; `slow-mb1`: after 2 s; `silent-1`: never; `channels-5000`: so many channels.
 */
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import { wireText } from "../support/fixture.js";

const TIME = 1_632_948_526_000;
const SLOW_MS = 2_000;

/** A body of that many channels: each has a value where it is of live data, and no sample where it is of a day. */
function manyChannels(count: number, isDay: boolean): string {
  const channels = Array.from({ length: count }, (_, n) => `"channel_${n}":${isDay ? "[]" : `[${TIME},${n}]`}`);
  return `{"io_id":1,"data":{${channels.join()}}}`;
}

function answer(url: string, response: ServerResponse): void {
  const [, alias = ""] = /([^/]+)\/(?:realtime|data)\//.exec(url) ?? [];
  if (alias.startsWith("silent")) return;
  const [, count] = /^channels-(\d+)$/.exec(alias) ?? [];
  const body = count ? manyChannels(Number(count), url.includes("/data/")) : reading(url, alias);
  const send = () => response.writeHead(200, { "content-type": "application/json" }).end(body);
  if (alias.startsWith("slow")) setTimeout(send, SLOW_MS);
  else send();
}

const LAN_READING = wireText("lan/realtime-p1");
const LAN_INFO = wireText("lan/info");
const CLOUD_READING = wireText("cloud/realtime-p1");

function reading(url: string, alias: string): string {
  if (url.startsWith("/v1/")) return CLOUD_READING;
  return alias === "" ? LAN_INFO : LAN_READING;
}

async function main(): Promise<void> {
  const server = createServer((request, response) => answer(request.url ?? "", response)).listen(0, "127.0.0.1");
  await once(server, "listening");
  process.on("disconnect", () => process.exit());
  process.send?.([server.address()]);
}

if (require.main === module) void main();
