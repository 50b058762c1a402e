/** A site's Mosquitto and its bridge to the centre, with the files of examples/fleet, while the line or either end is down. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type NodeRed, startNodeRed } from "../support/node-red.js";
import { SITE, siteFlow, startCentre, startSite } from "./brokers.js";
import { installProgram, until } from "./fleet.js";
import { Line } from "./line.js";
import { Program } from "./program.js";
import { Readings } from "./readings.js";
import { type Cemms, type Database, PASSWORD, type Server, startCemms, startDatabase } from "./servers.js";

/** A point whose time and value are not numbers. */
const NOT_NUMBERS =
  '[{"measurement":"cemm","tags":{"uid":"x"},"fields":{"electric_power":"much"},"timestamp":"never"}]';
/** Run by hand it can be longer: docs/fleet.md describes 600 s. */
const OUTAGE_MS = Number(process.env.CEMM_OUTAGE_SECONDS ?? 3) * 1000;
/** The same number of readings in each outage. */
const READING_MS = OUTAGE_MS / 150;
/** A bridge that found the line dead tries again after up to 30 s. */
const PATIENCE_MS = 60_000 + OUTAGE_MS;

describe("a site and its centre", () => {
  const folder = mkdtempSync(join(tmpdir(), "cemm-sites-"));
  const programs: Program[] = [];
  let database: Database;
  let centre: Server & { ca: string };
  let writer: Program;
  let line: Line;
  let site: Server;
  let cemms: Cemms;

  before(async () => {
    const influxdb = await startDatabase(join(folder, "influxdb"));
    database = influxdb.database;
    programs.push(influxdb.program);
    centre = await startCentre(join(folder, "centre"));
    programs.push(centre.program);
    writer = await startWriter();
    programs.push(writer);
    line = await Line.to(centre.port);
    site = await startSite(join(folder, "site"), centre.ca, line.port);
    programs.push(site.program);
    cemms = await startCemms(["--lan-port", "0"]);
    programs.push(cemms.program);
  });
  after(async () => {
    await Promise.all(programs.map((each) => each.kill()));
    await line.cut();
    rmSync(folder, { recursive: true, force: true });
  });

  const startWriter = () => {
    installProgram(join(folder, "program"));
    return Program.start({
      name: "centre.mjs",
      command: process.execPath,
      args: ["centre.mjs"],
      cwd: join(folder, "program"),
      env: {
        INFLUX_URL: database.url,
        INFLUX_USER: "fleet",
        INFLUX_PASSWORD: PASSWORD,
        MQTT_URL: `mqtts://localhost:${centre.port}`,
        MQTT_USER: "centre",
        MQTT_PASSWORD: PASSWORD,
        MQTT_CA: centre.ca,
      },
      isReady: (wrote) => wrote(/^Listening/),
    });
  };

  const written = async (uid: string) =>
    (await database.ask(`SELECT electric_power FROM cemm WHERE uid = '${uid}'`)).map(([time]) => Number(time) / 1000);

  /** Publishes readings during `happens`; afterwards each one that the site's broker acknowledged is in the database once. */
  const losesNothing = async (uid: string, happens: (readings: Readings) => Promise<void>) => {
    const readings = new Readings(uid, READING_MS, { port: site.port, password: PASSWORD });
    await readings.more(20, PATIENCE_MS);
    await happens(readings);
    await readings.more(20, PATIENCE_MS);
    await readings.end();
    const { taken } = readings;
    await until("readings are missing", PATIENCE_MS, async () => (await written(uid)).length >= taken.size);
    assert.deepEqual((await written(uid)).sort(byNumber), [...taken].sort(byNumber));
  };

  /**
   * Mosquitto acknowledges a message a few ms before it is on disk, more if the disk is busy. With a real reading every
   * 10 s, a crash at just that moment is unlikely.
   */
  const kill = async (...all: Program[]) => {
    const isWriting = () => ["site", "centre"].some((name) => existsSync(join(folder, name, "mosquitto.db.new")));
    for (let quiet = 0; quiet < 5; quiet = isWriting() ? 0 : quiet + 1) await pause(50);
    await Promise.all(all.map((each) => each.kill()));
  };

  const restart = async (...all: Program[]) => {
    await kill(...all);
    for (const each of all) await each.begin();
  };

  it("keep readings while the line is down", () =>
    losesNothing("line", async () => {
      await line.cut();
      await pause(OUTAGE_MS);
      await line.mend();
    }));

  it("keep readings if the site is killed while the line is down", () =>
    losesNothing("site", async (readings) => {
      await line.cut();
      await pause(OUTAGE_MS / 2);
      await readings.between(() => restart(site.program));
      await pause(OUTAGE_MS / 2);
      await line.mend();
    }));

  it("keep readings if the centre's broker and program are killed, and the broker again with all readings waiting", () =>
    losesNothing("centre", async (readings) => {
      // The line is cut too: a centre that is down does not answer.
      await readings.between(async () => {
        await line.cut();
        await kill(centre.program, writer);
      });
      await pause(OUTAGE_MS);
      await centre.program.begin();
      await line.mend();
      await pause(OUTAGE_MS / 2);
      await readings.between(async () => {
        await line.cut();
        await restart(centre.program);
        await line.mend();
      });
      await writer.begin();
    }));

  it("keep readings if both ends are killed while the line is down", () =>
    losesNothing("both", async (readings) => {
      await line.cut();
      await pause(OUTAGE_MS);
      await readings.between(() => restart(site.program, centre.program, writer));
      await line.mend();
    }));

  it("skip anything that is not a list of points", () =>
    losesNothing("nonsense", async () => {
      const login = ["-p", `${site.port}`, "-u", "nodered", "-P", PASSWORD, "-q", "1"];
      for (const text of ["", "{}", "[null]", "[{}]", "not JSON", NOT_NUMBERS]) {
        execFileSync("mosquitto_pub", [...login, "-t", "cemm/x", "-m", text]);
      }
    }));

  it("refuse writes as another site, and logins without a password or TLS", () => {
    const login = ["-h", "localhost", "-p", `${centre.port}`, "-q", "1", "-V", "5", "-m", "[]"];
    const whole = [...login, "--cafile", centre.ca, "-u", SITE, "-P", PASSWORD];
    const isAllowed = (options: string[], topic: string) => {
      const { status, stderr } = spawnSync("mosquitto_pub", [...options, "-t", topic], { encoding: "utf8" });
      return status === 0 && !stderr.includes("Not authorized");
    };
    assert.ok(isAllowed(whole, `cemm/site/${SITE}/x`));
    assert.ok(!isAllowed(whole, "cemm/site/house2/x"));
    assert.ok(!isAllowed([...login, "--cafile", centre.ca], `cemm/site/${SITE}/x`));
    assert.ok(!isAllowed([...login, "-u", SITE, "-P", PASSWORD], `cemm/site/${SITE}/x`));
  });

  it("store the readings of a site's Node-RED", async () => {
    const { flows, credentials } = siteFlow(site.port, cemms.addresses.lan[0] ?? "");
    const nodeRed: NodeRed = await startNodeRed({ flows, credentials });
    const [uid = ""] = cemms.uids;
    try {
      await until(
        () => `nothing came:\n${nodeRed.log()}`,
        15_000,
        async () => (await written(uid)).length > 1,
      );
    } finally {
      await nodeRed.stop();
    }
  });
});

const byNumber = (a: number, b: number) => a - b;
