/** Finding CEMMs by UDP, on the loopback interface only. */
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import os from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { broadcastAddresses, type DiscoveredCemm, discover } from "../../src/lib/index.js";
import { fixture } from "../support/fixtures.js";
import { eachAtOnce, failure, rejection, testbed, UID } from "../support/server.js";
import { freeUdpPort, type UdpAnswer, udpCemm } from "../support/server-udp.js";

const MAC = "00:1E:C0:85:96:CC";
const ANSWER = { mac: MAC, ip: "192.168.2.115", version: "1.24", type: "CEMM_basic", init_state: 1 };
const HERE = "127.0.0.2";

describe("discovery", () => {
  const bed = testbed();

  async function cemmAt(address: string, answer: UdpAnswer, port?: number) {
    const cemm = await udpCemm(address, answer, port);
    return bed.kept(cemm, cemm.close);
  }

  /** What is found if the only CEMM answers like this. */
  async function found(answer: UdpAnswer, timeout = 200): Promise<DiscoveredCemm[]> {
    const { port } = await cemmAt(HERE, answer);
    return discover({ port, broadcast: [HERE], timeout });
  }

  it("finds the CEMMs of the vendor's page, sorted by uid, at the address that answered", async () => {
    const basic = await cemmAt("127.0.0.115", () => [Object(fixture("udp/cemm-basic"))]);
    await cemmAt("127.0.0.153", () => [Object(fixture("udp/cemm-basic-older"))], basic.port);
    const seen: string[] = [];
    const cemms = await discover({
      port: basic.port,
      broadcast: ["127.0.0.153", "127.0.0.115"],
      timeout: 150,
      onFound: ({ uid }) => seen.push(uid),
    });
    assert.deepEqual(cemms, [
      { uid: UID, mac: MAC, host: "127.0.0.115", model: "CEMM_basic", core: "1.24", initState: 1 },
      {
        uid: "D8-80-39-46-22-B5",
        mac: "D8:80:39:46:22:B5",
        host: "127.0.0.153",
        model: "CEMM_basic",
        core: "1.23",
        initState: 1,
      },
    ]);
    assert.deepEqual(seen.sort(), [UID, "D8-80-39-46-22-B5"]);
  });

  it("reaches a CEMM through the interface's broadcast address", async () => {
    const { port } = await cemmAt("0.0.0.0", () => [ANSWER]);
    const cemms = await discover({ port, timeout: 150 });
    assert.deepEqual(
      cemms.map(({ uid }) => uid),
      [UID],
    );
  });

  it("asks on every interface, even if there are more than the addresses that may be given", async () => {
    const { networkInterfaces } = os;
    const network = { netmask: "255.255.255.0", family: "IPv4", mac: "", internal: true, cidr: null } as const;
    const many = Array.from({ length: 150 }, (_, n) => ({ ...network, address: `127.1.${n}.1` }));
    os.networkInterfaces = () => ({ many });
    try {
      const { port } = await cemmAt("127.1.149.255", () => [ANSWER]);
      assert.equal((await discover({ port, timeout: 150 })).length, 1);
      const broadcast = broadcastAddresses();
      assert.equal((await failure(discover({ port, broadcast }))).code, "CEMM_INPUT");
    } finally {
      os.networkInterfaces = networkInterfaces;
    }
  });

  eachAtOnce([{ it: "asks three times over the first second" }], async () => {
    const at: number[] = [];
    const { port, heard } = await cemmAt(HERE, () => {
      at.push(performance.now());
      return [];
    });
    assert.deepEqual(await discover({ port, broadcast: [HERE], timeout: 1500 }), []);
    assert.deepEqual(heard, ["cemm_query", "cemm_query", "cemm_query"]);
    assert.ok((at[2] ?? 0) - (at[0] ?? 0) > 900);
  });

  it("uses the discovery port itself if it is free", async () => {
    const port = await freeUdpPort();
    const cemm = createSocket("udp4");
    bed.kept(cemm, () => cemm.close());
    const answering = setInterval(() => cemm.send(JSON.stringify(ANSWER), port, "127.0.0.1"), 20);
    const [found] = await discover({ port, broadcast: [HERE], timeout: 5000, uid: UID });
    clearInterval(answering);
    assert.equal(found?.host, "127.0.0.1");
  });

  it("uses any free port if the discovery port is taken", async () => {
    const ports: number[] = [];
    const { port } = await cemmAt("0.0.0.0", (sender) => {
      ports.push(sender.port);
      return [ANSWER];
    });
    const cemms = await discover({ port, broadcast: ["127.0.0.1"], timeout: 120 });
    assert.equal(cemms.length, 1);
    assert.ok(ports.every((from) => from !== port));
  });

  it("runs two searches at once", async () => {
    const { port } = await cemmAt(HERE, () => [ANSWER]);
    const both = await Promise.all([1, 2].map(() => discover({ port, broadcast: [HERE], timeout: 150 })));
    assert.deepEqual(
      both.map(({ length }) => length),
      [1, 1],
    );
  });

  it("returns an empty list, when the time is up, if none is found", async () => {
    const began = performance.now();
    assert.deepEqual(await found(() => []), []);
    const took = performance.now() - began;
    assert.ok(took > 190 && took < 2000, `${took} ms`);
  });

  it("ignores its own broadcast", async () => {
    const port = await freeUdpPort();
    assert.deepEqual(await discover({ port, broadcast: ["127.0.0.1"], timeout: 120 }), []);
  });

  const DROPPED: { it: string; datagram: string | Buffer | object }[] = [
    { it: "text that is not JSON", datagram: "hello" },
    { it: "an empty datagram", datagram: "" },
    { it: "null", datagram: "null" },
    { it: "an array", datagram: [ANSWER] },
    { it: "the query itself", datagram: "cemm_query" },
    { it: "an answer without a MAC", datagram: { ...ANSWER, mac: undefined } },
    { it: "an invalid MAC", datagram: { ...ANSWER, mac: "00:1E:C0" } },
    { it: "a MAC that is a number", datagram: { ...ANSWER, mac: 42 } },
    { it: "an answer above 2 KiB", datagram: { ...ANSWER, padding: "x".repeat(2048) } },
    { it: "bytes that are not UTF-8", datagram: Buffer.from([0x7b, 0xff, 0xfe, 0x7d]) },
  ];
  eachAtOnce(
    DROPPED.map((row) => ({ ...row, it: `drops ${row.it}` })),
    async ({ datagram }) => {
      const cemms = await found(() => [datagram, { ...ANSWER, mac: "02:00:00:00:00:01" }]);
      assert.deepEqual(
        cemms.map(({ uid }) => uid),
        ["02-00-00-00-00-01"],
      );
    },
  );

  const TAKEN: { it: string; answer: object; is: Partial<DiscoveredCemm> }[] = [
    { it: "another address, but uses the sender's", answer: { ...ANSWER, ip: "8.8.8.8" }, is: { host: HERE } },
    { it: "another port", answer: { ...ANSWER, port: 8080 }, is: { host: `${HERE}:8080` } },
    { it: "port 80", answer: { ...ANSWER, port: 80 }, is: { host: HERE } },
    { it: "an invalid port, but uses 80", answer: { ...ANSWER, port: 99999 }, is: { host: HERE } },
    { it: "a MAC with dashes, in lower case", answer: { mac: "00-1e-c0-85-96-cc" }, is: { uid: UID, mac: MAC } },
    { it: "only a MAC", answer: { mac: MAC }, is: { model: null, core: null, initState: null } },
    {
      it: "properties of other types",
      answer: { mac: MAC, version: 1.24, type: {}, init_state: "1", ip: 7 },
      is: { uid: UID, model: null, core: null, initState: null },
    },
  ];
  eachAtOnce(
    TAKEN.map((row) => ({ ...row, it: `accepts an answer with ${row.it}` })),
    async ({ answer, is }) => {
      const [cemm] = await found(() => [answer]);
      assert.deepEqual(cemm, { ...cemm, ...is });
      assert.ok(cemm);
    },
  );

  it("uses the first of two answers for one MAC", async () => {
    const cemms = await found(() => [ANSWER, { ...ANSWER, version: "9.99" }, ANSWER]);
    assert.deepEqual(
      cemms.map(({ core }) => core),
      ["1.24"],
    );
  });

  it("ends in time during a flood of answers", async () => {
    const flood = Array.from({ length: 5000 }, (_, n) =>
      n % 2 ? "x".repeat(200) : { mac: (0x020000000000 + n).toString(16).padStart(12, "0") },
    );
    const began = performance.now();
    const cemms = await found(() => [ANSWER, ...flood], 300);
    assert.ok(cemms.length <= 1000);
    assert.ok(performance.now() - began < 2500);
  });

  it("an onFound that throws fails only its own caller, at the end of the search", async () => {
    const { port } = await cemmAt(HERE, () => [ANSWER, { ...ANSWER, mac: "02:00:00:00:00:01" }]);
    const search = { port, broadcast: [HERE], timeout: 200 };
    const thrown = new Error("the caller's own");
    let calls = 0;
    const onFound = () => {
      calls++;
      throw thrown;
    };
    const [failed, other] = await Promise.allSettled([discover({ ...search, onFound }), discover(search)]);
    assert.equal(failed.status === "rejected" && failed.reason, thrown);
    assert.equal(other.status === "fulfilled" && other.value.length, 2);
    assert.equal(calls, 2, "it is still called");
  });

  it("stops as soon as the requested CEMM has answered", async () => {
    const { port } = await cemmAt(HERE, () => [{ ...ANSWER, mac: "02:00:00:00:00:01" }, ANSWER]);
    const began = performance.now();
    const cemms = await discover({ port, broadcast: [HERE], timeout: 5000, uid: UID });
    assert.ok(cemms.some(({ uid }) => uid === UID));
    assert.ok(performance.now() - began < 3000);
  });

  it("an unreachable address does not affect the others", async () => {
    const { port } = await cemmAt(HERE, () => [ANSWER]);
    const cemms = await discover({ port, broadcast: ["240.0.0.1", "0.0.0.0", HERE], timeout: 150 });
    assert.ok(cemms.some(({ host }) => host === HERE));
  });

  it("ends immediately when aborted, with the signal's reason", async () => {
    const controller = new AbortController();
    const { port } = await cemmAt(HERE, () => [ANSWER]);
    const search = rejection(discover({ port, broadcast: [HERE], timeout: 5000, signal: controller.signal }));
    await delay(50);
    const stopped = performance.now();
    controller.abort("closed");
    assert.equal(await search, "closed");
    assert.ok(performance.now() - stopped < 1000);
    assert.equal(await rejection(discover({ signal: AbortSignal.abort("before") })), "before");
    const early = new AbortController();
    const opening = rejection(discover({ port, broadcast: [HERE], timeout: 5000, signal: early.signal }));
    early.abort("while opening");
    assert.equal(await opening, "while opening");
  });

  const REFUSED = [
    { port: 0 },
    { port: 65536 },
    { port: 1.5 },
    { timeout: 0 },
    { timeout: Number.NaN },
    { timeout: 1e12 },
    { broadcast: ["nowhere"] },
    { broadcast: ["::1"] },
    { broadcast: ["1.2.3.999"] },
  ];
  for (const options of REFUSED) {
    it(`${JSON.stringify(options)} is CEMM_INPUT`, async () => {
      assert.equal((await failure(discover({ timeout: 10, broadcast: [], ...options }))).code, "CEMM_INPUT");
    });
  }

  it("lists the broadcast address of every IPv4 interface, each once", () => {
    const other = { mac: "", internal: false, cidr: null };
    const ipv4 = (address: string, netmask: string) => ({ address, netmask, family: "IPv4" as const, ...other });
    const ipv6 = { address: "fe80::1", netmask: "ffff::", family: "IPv6" as const, scopeid: 1, ...other };
    const addresses = broadcastAddresses({
      eth0: [ipv4("192.168.2.7", "255.255.255.0"), ipv6],
      wlan0: [ipv4("192.168.2.8", "255.255.255.0")],
      docker0: [ipv4("172.17.0.1", "255.255.0.0")],
      odd: [ipv4("10.1.2.3", "255.255.255.240")],
      down: undefined,
    });
    assert.deepEqual(addresses, ["192.168.2.255", "172.17.255.255", "10.1.2.15"]);
    assert.deepEqual(broadcastAddresses(), ["127.255.255.255"], "in tests: only the loopback interface");
  });
});
