/** Limits on the memory, time and connections that an answer may take. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type Socket } from "node:net";
import { Readable } from "node:stream";
import { setTimeout as delay } from "node:timers/promises";
import { Dispatcher } from "undici";
import { CancelToken } from "../../src/lib/transport/cancel-token.js";
import { Connections } from "../../src/lib/transport/http.js";
import { fixtureText } from "../support/fixtures.js";
import { eachAtOnce, eventually, failure, overEachRoute, portOf, rejection, testbed, UID } from "../support/server.js";
import { type Answer, body, good, onSocket, silence } from "../support/server-answers.js";
import { udpCemm } from "../support/server-udp.js";

const MIB = 1024 * 1024;
const HEAD = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n";

/** A header that announces this many bytes, then nothing. */
const announced = (bytes: number): Answer =>
  onSocket((socket) => void socket.write(`${HEAD}content-length: ${bytes}\r\n\r\n`));

/** A body in chunks of one byte each, with as many in a packet as fit. */
const inSingleBytes = (bytes: number): Answer =>
  onSocket((socket) => {
    const packets = Array.from({ length: bytes / 8192 }, () => "1\r\n \r\n".repeat(8192));
    const head = `${HEAD}transfer-encoding: chunked\r\n\r\n`;
    Readable.from([head, ...packets, "1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"]).pipe(socket);
  });

describe("the size limit of a body", () => {
  const bed = testbed();

  eachAtOnce(overEachRoute([{ it: "refuses 1 GiB when the header arrives" }]), async ({ route }) => {
    const server = await bed.serve(announced(1024 * MIB));
    const began = performance.now();
    const error = await failure(bed.over(route, server.host, { timeout: 20 }).realtime("p1"));
    assert.equal(error.code, "CEMM_BAD_RESPONSE");
    assert.match(error.message, /more than 4096 KiB/);
    assert.ok(performance.now() - began < 3000);
    await eventually(() => server.sockets.size === 0, "the connection is closed");
  });

  it("limits the memory for 4 MiB in chunks of one byte", async function () {
    this.timeout(60_000);
    const server = await bed.serve(inSingleBytes(4 * MIB - 8192));
    const client = bed.over("lan", server.host, { timeout: 60 });
    const before = process.memoryUsage().rss;
    let max = 0;
    const watch = setInterval(() => {
      max = Math.max(max, process.memoryUsage().rss - before);
    }, 20);
    await failure(client.realtime("p1"));
    clearInterval(watch);
    assert.ok(max < 150 * MIB, `${Math.round(max / MIB)} MiB`);
  });

  eachAtOnce([{ it: "is 4 KiB for a CEMM's root" }], async () => {
    const info = fixtureText("lan/info");
    const within = await bed.serve(good, { root: body(info.padEnd(4 * 1024)) });
    assert.equal((await bed.over("lan", within.host).info()).uid, UID);
    const beyond = await bed.serve(good, { root: body(info.padEnd(4 * 1024 + 1)) });
    const error = await failure(bed.over("lan", beyond.host).info());
    assert.match(error.message, /more than 4 KiB/);
  });
});

describe("a request that ends early", () => {
  const bed = testbed();

  eachAtOnce(overEachRoute([{ it: "opens no second connection when aborted" }]), async ({ route }) => {
    const server = await bed.serve(silence);
    const client = bed.over(route, server.host, { timeout: 60 });
    for (let n = 0; n < 20; n++) {
      const controller = new AbortController();
      const work = client.realtime("p1", { signal: controller.signal }).catch(() => {});
      await eventually(() => server.questions.length === n + 1, "the server is asked");
      controller.abort();
      await work;
    }
    await delay(200);
    assert.equal(server.connections, 20);
    assert.equal(server.sockets.size, 0);
  });

  eachAtOnce(overEachRoute([{ it: "opens no second connection at its deadline" }]), async ({ route }) => {
    const server = await bed.serve(silence, { root: silence });
    const client = bed.over(route, server.host, { timeout: 0.5 });
    await failure(client.realtime("p1"));
    await delay(300);
    assert.equal(server.connections, server.questions.length);
  });
});

describe("forged answers to a search", () => {
  const bed = testbed();

  /** A host with this many ports that accept connections and never answer. */
  async function hangingHost(address: string, ports: number) {
    const sockets = new Set<Socket>();
    const counts = { open: 0, max: 0 };
    const servers = Array.from({ length: ports }, () =>
      createServer((socket) => {
        sockets.add(socket);
        counts.max = Math.max(counts.max, ++counts.open);
        socket.on("error", () => {});
        socket.on("close", () => {
          counts.open--;
          sockets.delete(socket);
        });
      }).listen(0, address),
    );
    await Promise.all(servers.map((server) => once(server, "listening")));
    bed.kept(servers, () => {
      for (const socket of sockets) socket.destroy();
      for (const server of servers) server.close();
    });
    return { counts, hosts: servers.map((server) => portOf(server.address())) };
  }

  it("are checked 8 at a time, and 1,900 that hang end as soon as the client is closed", async function () {
    this.timeout(30_000);
    const { counts, hosts } = await hangingHost("127.0.0.2", 1900);
    const udp = await udpCemm("127.0.0.2", () => hosts.map((port) => ({ mac: UID, port })));
    bed.kept(udp, udp.close);
    const discovery = { port: udp.port, broadcast: ["127.0.0.2"] };
    const client = bed.client({ uid: UID, discovery, timeout: 20 });
    const work = failure(client.realtime("p1"));
    await eventually(() => counts.open === 8, "eight hosts are asked");
    await delay(500);
    const began = performance.now();
    client.close();
    const error = await work;
    assert.ok(performance.now() - began < 500);
    assert.match(error.message, /was closed/);
    assert.equal(counts.max, 8);
  });

  it("that hang at one address do not keep the real CEMM from being found", async function () {
    this.timeout(30_000);
    const { hosts } = await hangingHost("127.0.0.2", 50);
    const server = await bed.serve(good, { address: "127.0.0.3" });
    const forging = await udpCemm("127.0.0.2", () => hosts.map((port) => ({ mac: UID, port })));
    bed.kept(forging, forging.close);
    const real = await udpCemm(
      "127.0.0.3",
      () => [{ mac: UID, port: Number(server.host.split(":")[1]) }],
      forging.port,
    );
    bed.kept(real, real.close);
    const discovery = { port: forging.port, broadcast: ["127.0.0.2", "127.0.0.3"] };
    assert.equal((await bed.client({ uid: UID, discovery, timeout: 20 }).realtime("p1")).host, server.host);
  });
});

describe("a bug in the program", () => {
  class Broken extends Dispatcher {
    override dispatch(): boolean {
      throw new TypeError("toString of api_key=fake-key is not a function");
    }
    override async destroy(): Promise<void> {}
  }

  it("is reported as such, without the key, not as a network failure", async () => {
    const connections = new Connections(() => new Broken(), false);
    const asker = { token: new CancelToken(), heard: () => {} };
    const address = { origin: "http://127.0.0.1", path: "/" };
    const limits = { maxBody: 1000, patience: Number.POSITIVE_INFINITY };
    const error = await rejection(connections.get(address, limits, asker, ["fake-key"]));
    assert.equal(String(error), "Error: TypeError: toString of api_key=*** is not a function");
  });
});
