/** The command, its options, and their documentation. */
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { connect } from "node:net";
import { resolve } from "node:path";
import { z } from "zod";
import { IoList } from "../../src/lib/data/schemas.js";
import { faultNames } from "../../src/simulator/faults.js";
import { checked } from "../../src/simulator/options.js";
import { eachAtOnce, eventually } from "../support/server.js";
import { closeAll, simulate } from "./support.js";

const Line = z.object({
  addresses: z.object({ lan: z.array(z.string()), cloud: z.string(), udp: z.string() }),
  uids: z.array(z.string()),
  apiKey: z.string(),
});

const PAGE = readFileSync(resolve(__dirname, "../../docs/simulator.md"), "utf8");
const FREE = ["--lan-port", "0", "--cloud-port", "0", "--udp-port", "0"];

const portIn = (address = ""): number => Number(address.split(":")[1]);

interface Ended {
  code: number | null;
  stdout: string;
  stderr: string;
}

/** Runs the command. `whileRunning` gets the first line that it prints; then the command gets a signal to end. */
function run(args: readonly string[], whileRunning: (line: string) => Promise<void> = async () => {}): Promise<Ended> {
  const child = spawn(process.execPath, ["--import", "tsx", "src/simulator/main.ts", ...args]);
  return new Promise((resolve, reject) => {
    let [stdout, stderr] = ["", ""];
    child.stderr.on("data", (text) => {
      stderr += text;
    });
    child.stdout.on("data", (text) => {
      stdout += text;
      if (!stdout.startsWith("{") || !stdout.endsWith("\n")) return;
      whileRunning(stdout)
        .catch(reject)
        .finally(() => child.kill("SIGTERM"));
    });
    child.on("close", (code) => resolve({ code, stdout, stderr }));
  });
}

describe("the command", function () {
  this.timeout(20_000);
  afterEach(closeAll);

  it("prints one line of JSON once it listens, answers requests, and ends cleanly on a signal", async () => {
    const args = [...FREE, "--devices", "2", "--api-key", "k", "--seed", "7", "--promise", "60:1", "--fault", "slow:0"];
    const { code, stdout, stderr } = await run(args, async (line) => {
      const { addresses, uids, apiKey } = Line.parse(JSON.parse(line));
      assert.equal(addresses.lan.length, 2);
      assert.equal(apiKey, "k");
      assert.equal((await fetch(`http://${addresses.lan[1]}/open-api/v1/`)).status, 200);
      assert.equal((await fetch(`${addresses.cloud}cemm/${uids[0]}/io/?api_key=k`)).status, 202);
    });
    assert.deepEqual([code, stdout.split("\n").length], [0, 2]);
    assert.match(
      stderr,
      /^Simulating 2 CEMMs.*\n( {2}00-1E-C0-.*127\.0\.0\.1:\d+\n){2}.*API key k\nCtrl-C to stop\.\n$/,
    );
  });

  it("has the configured meters, and prints nothing but JSON with --json", async () => {
    const { code, stdout, stderr } = await run([...FREE, "--json", "--meters", "p1, pulse-1"], async (line) => {
      const { addresses } = Line.parse(JSON.parse(line));
      const answer = await fetch(`http://${addresses.lan[0]}/open-api/v1/io/`);
      const { data } = IoList.parse(await answer.json());
      assert.equal(data.map(({ alias }) => alias).join(), "p1,pulse-1");
    });
    assert.deepEqual([code, stderr, stdout.split("\n").length], [0, "", 2]);
  });

  it("prints the help that docs/simulator.md shows: copy the output of --help there", async () => {
    const { code, stdout } = await run(["--help"]);
    const [, shown] = /This is what `--help` says\.\n\n```\n([\s\S]*?)\n```/.exec(PAGE) ?? [];
    assert.deepEqual([code, stdout.trim()], [0, shown]);
  });

  eachAtOnce(
    [
      { it: "an option it does not know", args: ["--colour", "red"], message: /--colour/ },
      { it: "a seed that is not a number", args: ["--seed", "NaN"], message: /--seed: "NaN" is not a whole number/ },
      {
        it: "a share that is not a number",
        args: ["--promise", "60:half"],
        message: /--promise: "half" is not a share/,
      },
      { it: "a fault without a share", args: ["--fault", "503"], message: /--fault: "503" is not <name>:<share>/ },
      { it: "a fault it does not know", args: ["--fault", "fire:1"], message: /"fire" is not known; known: 401, / },
    ].map((row) => ({ ...row, it: `refuses ${row.it} with exit code 2` })),
    async ({ args, message }) => {
      const { code, stderr, stdout } = await run(args);
      assert.deepEqual([code, stdout], [2, ""]);
      assert.match(stderr, message);
    },
  );

  it("names the port that is taken and the option that changes it, with exit code 1", async () => {
    const { addresses } = await simulate();
    const port = addresses.lan[0]?.split(":")[1] ?? "";
    const { code, stderr } = await run(["--lan-port", port, "--cloud-port", "0", "--udp-port", "0"]);
    assert.equal(code, 1);
    assert.match(stderr, new RegExp(`port ${port} is taken: choose another with --lan-port`));
  });
});

describe("the options", () => {
  afterEach(closeAll);

  for (const [what, options, message] of [
    ["no CEMM", { devices: 0 }, /--devices: a whole number from 1/],
    ["a seed that is not a number", { seed: Number.NaN }, /--seed: a whole number from 0/],
    ["ports above 65535", { lanPort: 65_535, devices: 2 }, /--lan-port: a whole number from 0 to 65534/],
    ["an unknown time zone", { timezone: "Mars/Olympus" }, /--timezone: "Mars\/Olympus"/],
    ["an unknown alias", { meters: ["p2"] }, /no meter has the alias "p2"; known: p1/],
    ["two meters on one connection", { meters: ["p1", "s02"] }, /p1 and s02 share a connection/],
    ["a latency above a minute", { latency: 60_001 }, /--latency: a whole number from 0 to 60000/],
    ["a promise share above one", { promise: 60, promiseShare: 1.5 }, /--promise: the share must be from 0 to 1/],
    ["a fault share above one", { faults: { 503: 2 } }, /the share of "503" must be from 0 to 1/],
    ["an empty key", { apiKey: "" }, /--api-key/],
    ["a host that does not resolve", { host: "nowhere.invalid" }, /--host: "nowhere.invalid"/],
    ["another machine's address", { host: "192.0.2.1" }, /--host/],
  ] as const) {
    it(`refuse ${what}`, async () => {
      await assert.rejects(simulate(options), { message });
    });
  }

  it("have these defaults, which --help shows", () => {
    const { promiseShare, faults, meters, now, ...defaults } = checked({});
    assert.deepEqual(defaults, {
      host: "127.0.0.1",
      lanPort: 8080,
      cloudPort: 8081,
      udpPort: 9777,
      apiKey: "demo",
      devices: 1,
      timezone: "Europe/Amsterdam",
      seed: "1",
      promise: 0,
      latency: 0,
    });
    assert.deepEqual([promiseShare, faults, meters, now], [1, {}, undefined, Date.now]);
    for (const [name, value] of Object.entries(defaults)) {
      const option = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
      // The default begins the parenthesis after the option.
      const [, inHelp] = new RegExp(`^ {2}--${option} <[^(]*\\(([^\\s;:,)]+)`, "m").exec(PAGE) ?? [];
      assert.equal(inHelp, String(value), option);
    }
    assert.match(PAGE, new RegExp(`requests that get one \\(${promiseShare}\\)`));
  });

  it("are named in the error if the cloud's or discovery's port is taken", async () => {
    const { addresses } = await simulate();
    const [cloudPort, udpPort] = [new URL(addresses.cloud).port, addresses.udp.split(":")[1]].map(Number);
    await assert.rejects(simulate({ cloudPort }), { message: /choose another with --cloud-port/ });
    await assert.rejects(simulate({ udpPort }), { message: /choose another with --udp-port/ });
  });

  it("move the cloud's port after those of the local APIs if they collide and it was not set", () => {
    assert.equal(checked({ devices: 3 }).cloudPort, 8083);
    assert.equal(checked({ lanPort: 9000, devices: 3 }).cloudPort, 8081);
    assert.equal(checked({ devices: 3, cloudPort: 9000 }).cloudPort, 9000);
  });

  it("can delay every answer", async () => {
    const simulator = await simulate({ latency: 80 });
    for (const address of [`http://${simulator.addresses.lan[0]}/open-api/v1/`, `${simulator.addresses.cloud}cemm/`]) {
      const began = performance.now();
      await (await fetch(address)).text();
      assert.ok(performance.now() - began >= 79);
    }
  });

  it("can make a thousand CEMMs, each with its own MAC address, in the cloud only", async () => {
    const simulator = await simulate({ devices: 1000, lanPort: undefined });
    assert.equal(new Set(simulator.uids).size, 1000);
    assert.deepEqual(simulator.addresses.lan, []);
    const last = `${simulator.addresses.cloud}cemm/${simulator.uids[999]}/p1/realtime/?api_key=demo`;
    assert.equal((await fetch(last)).status, 200);
  }).timeout(20_000);

  it("a closed one ends its connections, and leaves its ports", async () => {
    const open = () => process.getActiveResourcesInfo().filter((name) => /TCPServer|UDP/.test(name)).length;
    const before = open();
    // An address at which no other test listens.
    const host = "127.0.0.78";
    const simulator = await simulate({ host, devices: 2, faults: { hang: 1 } });
    assert.ok(open() > before);
    const { lan, cloud, udp } = simulator.addresses;
    const lanPort = portIn(lan[0]);
    const cloudPort = portIn(new URL(cloud).host);
    const connections = [lanPort, cloudPort].map((port) => {
      const socket = connect(port, host, () => socket.write("GET / HTTP/1.1\r\nHost: cemm\r\n\r\n"));
      socket.on("error", () => {});
      return { begun: once(socket, "connect"), ended: new Promise((resolve) => socket.once("close", resolve)) };
    });
    await Promise.all(connections.map(({ begun }) => begun));
    await simulator.close();
    await Promise.all(connections.map(({ ended }) => ended));
    await eventually(() => open() <= before, "no port is open");
    const again = await simulate({ host, lanPort, cloudPort, udpPort: portIn(udp) });
    assert.deepEqual([again.addresses.lan[0], again.addresses.udp], [lan[0], udp]);
  });

  it("can listen on every address, and then show one that can be used", async () => {
    const simulator = await simulate({ host: "0.0.0.0" });
    assert.equal((await fetch(`http://${simulator.addresses.lan[0]}/open-api/v1/`)).status, 200);
  });
});

it("docs/simulator.md lists every fault", () => {
  const rows = PAGE.split("\n").filter((line) => line.startsWith("| `"));
  const named = rows.flatMap((row) => [...(row.split("|")[1] ?? "").matchAll(/`([\w-]+)`/g)].map(([, name]) => name));
  assert.deepEqual(named.sort(), [...faultNames].sort());
});
