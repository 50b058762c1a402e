/** A site's Mosquitto and its bridge to the centre, with the files of examples/fleet, while the line and either end are gone. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import mqtt, { type MqttClient } from "mqtt";
import { type NodeRed, startNodeRed } from "../support/node-red.js";
import { SITE, siteFlow, startCentre, startSite } from "./brokers.js";
import { installProgram, until } from "./fleet.js";
import { Line } from "./line.js";
import { Program } from "./program.js";
import { type Cemms, type Database, PASSWORD, type Server, startCemms, startDatabase } from "./servers.js";

/** A point whose time and value are none. */
const WORDS = '[{"measurement":"cemm","tags":{"uid":"x"},"fields":{"electric_power":"much"},"timestamp":"never"}]';
/** More of it by hand: 600 s is what docs/fleet.md tells of. */
const OUTAGE_MS = Number(process.env.CEMM_OUTAGE_SECONDS ?? 3) * 1000;
/** As many readings in each outage. */
const READING_MS = OUTAGE_MS / 150;
/** For what takes seconds, however long the outage is. */
const PATIENCE_MS = 30_000 + OUTAGE_MS;

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

  /** Numbered readings, as fast as the site's broker takes them; `taken`: those that it took. */
  const publish = (uid: string) => {
    const client = mqtt.connect(`mqtt://127.0.0.1:${site.port}`, {
      username: "nodered",
      password: PASSWORD,
      reconnectPeriod: 100,
    });
    const taken = new Set<number>();
    client.on("error", () => {});
    let count = 0;
    const timer = setInterval(() => send(client, uid, ++count, taken), READING_MS);
    const stop = async () => {
      clearInterval(timer);
      await until(
        () => taken.size === count,
        PATIENCE_MS,
        () => `${count - taken.size} readings were not taken`,
      );
      await client.endAsync();
    };
    return { taken, stop };
  };

  const send = (client: MqttClient, uid: string, n: number, taken: Set<number>) => {
    const tags = { uid, alias: "p1", kind: "realtime" };
    const point = { measurement: "cemm", tags, fields: { electric_power: n }, timestamp: new Date(n * 1000) };
    client.publish(`cemm/${uid}/p1/realtime`, JSON.stringify([point]), { qos: 1 }, (error) => {
      if (!error) taken.add(n);
    });
  };

  const written = async (uid: string) =>
    (await database.ask(`SELECT electric_power FROM cemm WHERE uid = '${uid}'`)).map(([time]) => Number(time) / 1000);

  /** Reads while this happens; all that the site's broker took is in the database then, once. */
  const losesNothing = async (uid: string, happens: () => Promise<void>) => {
    const { taken, stop } = publish(uid);
    await until(
      () => taken.size > 20,
      PATIENCE_MS,
      () => "nothing is taken",
    );
    await happens();
    const later = taken.size + 20;
    await until(
      () => taken.size > later,
      PATIENCE_MS,
      () => "nothing is taken any more",
    );
    await stop();
    await until(
      async () => (await written(uid)).length >= taken.size,
      PATIENCE_MS,
      () => "readings are missing",
    );
    assert.deepEqual((await written(uid)).sort(byNumber), [...taken].sort(byNumber));
  };

  it("keep what is read while the line is down", () =>
    losesNothing("line", async () => {
      await line.cut();
      await pause(OUTAGE_MS);
      await line.mend();
    }));

  it("keep it when the site is killed meanwhile", () =>
    losesNothing("site", async () => {
      await line.cut();
      await pause(OUTAGE_MS / 2);
      await site.program.kill();
      await site.program.begin();
      await pause(OUTAGE_MS / 2);
      await line.mend();
    }));

  it("keep it when the centre is killed, broker and program", () =>
    losesNothing("centre", async () => {
      await Promise.all([centre.program.kill(), writer.kill()]);
      await pause(OUTAGE_MS);
      await centre.program.begin();
      await pause(OUTAGE_MS / 2);
      // What came meanwhile waits in the broker, which dies again.
      await centre.program.kill();
      await centre.program.begin();
      await writer.begin();
    }));

  it("keep it when both are killed", () =>
    losesNothing("both", async () => {
      await Promise.all([centre.program.kill(), writer.kill(), site.program.kill()]);
      await Promise.all([centre.program.begin(), site.program.begin()]);
      await writer.begin();
    }));

  it("leave out what is no list of points, and go on", () =>
    losesNothing("nonsense", async () => {
      const login = ["-p", `${site.port}`, "-u", "nodered", "-P", PASSWORD, "-q", "1"];
      for (const text of ["", "{}", "[null]", "[{}]", "not JSON", WORDS]) {
        execFileSync("mosquitto_pub", [...login, "-t", "cemm/x", "-m", text]);
      }
    }));

  it("let nobody write as another site, and nobody in without a password or TLS", () => {
    const login = ["-h", "localhost", "-p", `${centre.port}`, "-q", "1", "-V", "5", "-m", "[]"];
    const whole = [...login, "--cafile", centre.ca, "-u", SITE, "-P", PASSWORD];
    const says = (options: string[], topic: string) => {
      const { status, stderr } = spawnSync("mosquitto_pub", [...options, "-t", topic], { encoding: "utf8" });
      return status === 0 && !stderr.includes("Not authorized");
    };
    assert.ok(says(whole, `cemm/site/${SITE}/x`));
    assert.ok(!says(whole, "cemm/site/house2/x"));
    assert.ok(!says([...login, "--cafile", centre.ca], `cemm/site/${SITE}/x`));
    assert.ok(!says([...login, "-u", SITE, "-P", PASSWORD], `cemm/site/${SITE}/x`));
  });

  it("carry what a site's Node-RED reads", async () => {
    const { flows, credentials } = siteFlow(site.port, cemms.addresses.lan[0] ?? "");
    const nodeRed: NodeRed = await startNodeRed({ flows, credentials });
    const [uid = ""] = cemms.uids;
    try {
      await until(
        async () => (await written(uid)).length > 1,
        15_000,
        () => `nothing came:\n${nodeRed.log()}`,
      );
    } finally {
      await nodeRed.stop();
    }
  });
});

const byNumber = (a: number, b: number) => a - b;
