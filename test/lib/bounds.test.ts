/** An answer is bounded in memory, time and connections, whatever sends it. */
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

/** A header that promises that many bytes, and then nothing. */
const announced = (bytes: number): Answer =>
  onSocket((socket) => void socket.write(`${HEAD}content-length: ${bytes}\r\n\r\n`));

/** A body in chunks of one byte each, as many to a packet as fit. */
const inSingleBytes = (bytes: number): Answer =>
  onSocket((socket) => {
    const packets = Array.from({ length: bytes / 8192 }, () => "1\r\n \r\n".repeat(8192));
    const head = `${HEAD}transfer-encoding: chunked\r\n\r\n`;
    Readable.from([head, ...packets, "1\r\n{\r\n1\r\n}\r\n0\r\n\r\n"]).pipe(socket);
  });

describe("a body", () => {
  const bed = testbed();

  eachAtOnce(overEachRoute([{ it: "of 1 GiB is refused at its header" }]), async ({ route }) => {
    const server = await bed.serve(announced(1024 * MIB));
    const began = performance.now();
    const error = await failure(bed.over(route, server.host, { timeout: 20 }).realtime("p1"));
    assert.equal(error.code, "CEMM_BAD_RESPONSE");
    assert.match(error.message, /more than 4096 KiB/);
    assert.ok(performance.now() - began < 3000);
    await eventually(() => server.sockets.size === 0, "the connection is left open");
  });

  it("of 4 MiB in chunks of one byte takes no more memory than its limit allows", async function () {
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

  eachAtOnce([{ it: "of a CEMM's root may be 4 KiB" }], async () => {
    const info = fixtureText("lan/info");
    const within = await bed.serve(good, { root: body(info.padEnd(4 * 1024)) });
    assert.equal((await bed.over("lan", within.host).info()).uid, UID);
    const beyond = await bed.serve(good, { root: body(info.padEnd(4 * 1024 + 1)) });
    const error = await failure(bed.over("lan", beyond.host).info());
    assert.match(error.message, /more than 4 KiB/);
  });
});

describe("a request that is given up", () => {
  const bed = testbed();

  eachAtOnce(overEachRoute([{ it: "opens no second connection" }]), async ({ route }) => {
    const server = await bed.serve(silence);
    const client = bed.over(route, server.host, { timeout: 60 });
    for (let n = 0; n < 20; n++) {
      const controller = new AbortController();
      const work = client.realtime("p1", { signal: controller.signal }).catch(() => {});
      await eventually(() => server.questions.length === n + 1, "the server was not asked");
      controller.abort();
      await work;
    }
    await delay(200);
    assert.equal(server.connections, 20);
    assert.equal(server.sockets.size, 0);
  });

  eachAtOnce(overEachRoute([{ it: "at its deadline opens no second connection" }]), async ({ route }) => {
    const server = await bed.serve(silence, { root: silence });
    const client = bed.over(route, server.host, { timeout: 0.5 });
    await failure(client.realtime("p1"));
    await delay(300);
    assert.equal(server.connections, server.questions.length);
  });
});

describe("claims to be a CEMM that is searched for", () => {
  const bed = testbed();

  /** A host with that many ports, each of which accepts and never answers. */
  async function trap(address: string, ports: number) {
    const sockets = new Set<Socket>();
    const counts = { open: 0, most: 0 };
    const servers = Array.from({ length: ports }, () =>
      createServer((socket) => {
        sockets.add(socket);
        counts.most = Math.max(counts.most, ++counts.open);
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

  it("are asked 8 at a time, and 1,900 that hang are given up at once", async function () {
    this.timeout(30_000);
    const { counts, hosts } = await trap("127.0.0.2", 1900);
    const udp = await udpCemm("127.0.0.2", () => hosts.map((port) => ({ mac: UID, port })));
    bed.kept(udp, udp.close);
    const discovery = { port: udp.port, broadcast: ["127.0.0.2"] };
    const client = bed.client({ uid: UID, discovery, timeout: 20 });
    const work = failure(client.realtime("p1"));
    await eventually(() => counts.open === 8, "nobody was asked");
    await delay(500);
    const began = performance.now();
    client.close();
    const error = await work;
    assert.ok(performance.now() - began < 500);
    assert.match(error.message, /was closed/);
    assert.equal(counts.most, 8);
  });

  it("of one address that hang do not keep the CEMM's own from being asked", async function () {
    this.timeout(30_000);
    const { hosts } = await trap("127.0.0.2", 50);
    const server = await bed.serve(good, { address: "127.0.0.3" });
    const trapped = await udpCemm("127.0.0.2", () => hosts.map((port) => ({ mac: UID, port })));
    bed.kept(trapped, trapped.close);
    const real = await udpCemm(
      "127.0.0.3",
      () => [{ mac: UID, port: Number(server.host.split(":")[1]) }],
      trapped.port,
    );
    bed.kept(real, real.close);
    const discovery = { port: trapped.port, broadcast: ["127.0.0.2", "127.0.0.3"] };
    assert.equal((await bed.client({ uid: UID, discovery, timeout: 20 }).realtime("p1")).host, server.host);
  });
});

describe("a mistake of a program", () => {
  class Broken extends Dispatcher {
    override dispatch(): boolean {
      throw new TypeError("toString of api_key=fake-key is not a function");
    }
    override async destroy(): Promise<void> {}
  }

  it("says what it is, without the key: no network failed", async () => {
    const connections = new Connections(() => new Broken(), false);
    const asker = { token: new CancelToken(), heard: () => {} };
    const address = { origin: "http://127.0.0.1", path: "/" };
    const limits = { maxBody: 1000, patience: Number.POSITIVE_INFINITY };
    const error = await rejection(connections.get(address, limits, asker, ["fake-key"]));
    assert.equal(String(error), "Error: TypeError: toString of api_key=*** is not a function");
  });
});
