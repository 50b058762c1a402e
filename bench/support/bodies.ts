/** Bodies as they are sent. */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";

const FIXTURES = resolve(__dirname, "../../test/fixtures");
const MINUTES = 1440;

/** A fixture without whitespace. */
export function wireText(name: string): string {
  return JSON.stringify(JSON.parse(readFileSync(resolve(FIXTURES, `${name}.json`), "utf8")));
}

/** A day from `start` (epoch ms) on the LAN: one sample a minute in each channel, newest first. */
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

/** Live values of this many channels. */
export function liveBody(channels: number): string {
  const data = Array.from({ length: channels }, (_, n) => `"channel_${n}":[1632948526000,${n}]`);
  return `{"io_id":1,"data":{${data.join()}}}`;
}
