/** The examples of a site and its centre, while the broker is away, the site is restarted, and both at once. */
import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { until } from "./fleet.js";
import { type Member, type Places, startMember } from "./member.js";
import type { Program } from "./program.js";
import { type Cemms, type Database, startBroker, startCemms, startDatabase } from "./servers.js";

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;
/** Long enough for some readings, which come each second here. */
const OUTAGE_MS = 4000;

/** How many readings the example's outbox keeps: a day of them, one each ten seconds. */
const MOST_KEPT = 8640;

const Point = z.looseObject({ timestamp: z.coerce.date() });
const Box = z.object({ box: z.record(z.string(), z.array(Point)) });

describe("a site with an outbox and its centre", () => {
  const folder = mkdtempSync(join(tmpdir(), "cemm-sites-"));
  const programs: Program[] = [];
  let cemms: Cemms;
  let broker: Program;
  let database: Database;
  let places: Places;
  let centre: Member;
  let site: Member;

  before(async () => {
    cemms = await startCemms(["--lan-port", "0"]);
    programs.push(cemms.program);
    const started = await startBroker(join(folder, "broker"));
    broker = started.program;
    programs.push(broker);
    const { port: databasePort, ...rest } = await startDatabase(join(folder, "database"));
    database = rest.database;
    programs.push(database.program);
    const [host = ""] = cemms.addresses.lan;
    places = { broker: started, databasePort, cloud: cemms.addresses.cloud, host };
    centre = await startCentre("centre");
    programs.push(centre);
    const nodes = { "site-realtime": { repeat: 1 } };
    site = await startMember({ name: "site", example: "4 Site with an outbox", folder, places, nodes });
    programs.push(site);
    await until(
      async () => (await written()).size > 0,
      15_000,
      () => "no reading came",
    );
  });
  after(async () => {
    await Promise.all(programs.map((each) => each.kill()));
    rmSync(folder, { recursive: true, force: true });
  });

  const startCentre = (name: string, nodes = {}) => startMember({ name, example: "5 Centre", folder, places, nodes });

  /** The times of the readings that reached the centre. */
  const written = async () =>
    new Set((await database.ask("SELECT electric_power FROM cemm WHERE kind = 'realtime'")).map(([time]) => time));

  /** The times of the readings that wait at the site. */
  const kept = () => Object.values(box()).flatMap((points) => points.map(({ timestamp }) => timestamp.getTime()));
  const box = () => site.kept(Box, "site-flow", "site-outbox").box;

  /** All that waited arrives, and nothing waits any more. */
  const arrives = async (waiting: number[]) => {
    assert.ok(waiting.length > 0, "nothing waited");
    const missing = async () => {
      const there = await written();
      return waiting.filter((time) => !there.has(time));
    };
    await until(
      async () => (await missing()).length === 0,
      60_000,
      () => "readings are missing",
    );
    await until(
      () => kept().length <= 1,
      10_000,
      () => `${kept().length} readings are still kept`,
    );
  };

  it("keeps what the site reads while the broker is away, and sends it then", async () => {
    await broker.stop();
    await pause(OUTAGE_MS);
    const waiting = kept();
    await broker.begin();
    await arrives(waiting);
  });

  it("keeps it over the site's restart as well", async () => {
    await broker.stop();
    await pause(OUTAGE_MS);
    await site.kill();
    const waiting = kept();
    await site.begin();
    await broker.begin();
    await arrives(waiting);
  });

  it("sends a whole day that it kept, once it is there again", async () => {
    await broker.stop();
    await until(
      () => kept().length > 0,
      10_000,
      () => "nothing is kept",
    );
    await site.kill();
    const [[point = assert.fail()] = []] = Object.values(box());
    const began = Date.now() - DAY;
    const day = Array.from({ length: MOST_KEPT }, (_, n) => [
      `reading-${n}`,
      [{ ...point, timestamp: new Date(began + n * 10_000) }],
    ]);
    site.keep({ box: Object.fromEntries(day) }, "site-flow", "site-outbox");
    const waiting = kept();
    await broker.begin();
    await site.begin();
    await arrives(waiting);
  });

  it("fills from history what nobody kept: each minute since the newest one that history wrote", async () => {
    const [uid] = cemms.uids;
    const from = Math.floor((Date.now() - 9 * DAY) / MINUTE) * MINUTE;
    await database.write(`cemm,uid=${uid},alias=p1,kind=day,device=Any\\ CEMM electric_power=1 ${from}`);
    await centre.stop();
    programs.push(await startCentre("filler", { "centre-hourly": { once: true, onceDelay: 0.1 } }));
    // Simulated days have a sample each minute.
    const minutes = Math.floor((Date.now() - from) / MINUTE) - 1;
    const points = () => database.points(`kind = 'day' AND time > ${from}ms`);
    await until(
      async () => (await points()) >= minutes,
      20_000,
      () => `too few of ${minutes} minutes`,
    );
    const count = await points();
    assert.ok(count <= minutes + 2, `${count} points in ${minutes} minutes`);
  });
});
