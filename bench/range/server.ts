/**
 * A CEMM on the LAN, in its own process, that has any day: a sample a minute for each channel. Started by
 * `bench/range.ts`; reports its port to its parent, the number of requested days on demand, and ends with it.
 */
import { once } from "node:events";
import { createServer } from "node:http";

const MINUTES = 1440;

/** The body of a day, as the LAN gives it: newest first. */
export function dayBody(start: number, channels: number): string {
  const data = Array.from({ length: channels }, (_, channel) => {
    const pairs = Array.from({ length: MINUTES }, (_, n) => {
      const minute = MINUTES - 1 - n;
      return `[${start + minute * 60_000},${(minute % 997) + channel}.5]`;
    });
    return `"channel_${channel}":[${pairs.join()}]`;
  });
  return `{"io_id":"1","time":${start / 1000},"data":{${data.join()}}}`;
}

async function main(): Promise<void> {
  let days = 0;
  const server = createServer((request, response) => {
    const { searchParams, pathname } = new URL(request.url ?? "/", "http://cemm");
    const [, channels = "1"] = /\/mb(\d+)\//.exec(pathname) ?? [];
    const isDay = pathname.includes("/data/day");
    if (isDay) days++;
    const body = isDay
      ? dayBody(Number(searchParams.get("time")) * 1000, Number(channels))
      : '{"data":{"mac":"00:1E:C0:00:00:01","name":"CEMM","type":"0","version":"2","core":"1.25"}}';
    response.writeHead(200, { "content-type": "application/json" }).end(body);
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  process.on("disconnect", () => process.exit());
  process.on("message", () => process.send?.(days));
  process.send?.([server.address()]);
}

if (require.main === module) void main();
