/** The LAN route: identifying the device at an address, and following a CEMM that moves. */
import assert from "node:assert/strict";
import { type Answer as Answered, CemmClient } from "../../../src/lib/index.js";
import { fixtureText } from "../../support/fixtures.js";
import { eachAtOnce, failure, NO_SEARCH, NOBODY, rejection, testbed, UID } from "../../support/server.js";
import { type Answer, body, good, inTurn, json, silence, status } from "../../support/server-answers.js";
import { udpCemm, udpNetwork } from "../../support/server-udp.js";

const OTHER = "D8-80-39-46-22-B5";
const INFO = fixtureText("lan/info");
const otherRoot = body(fixtureText("lan/info-plus"));

describe("a CEMM on the LAN", () => {
  const bed = testbed();

  it("is identified once, then asked", async () => {
    const server = await bed.serve(good);
    const client = bed.over("lan", server.host);
    const { source, uid, host } = await client.realtime("p1");
    await client.realtime("p1");
    assert.deepEqual({ source, uid, host }, { source: "lan", uid: UID, host: server.host });
    assert.deepEqual([server.greetings.length, server.questions.length], [1, 2]);
    assert.deepEqual(
      server.questions.map(({ url }) => url.pathname + url.search),
      Array(2).fill("/open-api/v1/p1/realtime/"),
    );
  });

  it("has its uid in every answer, also in one requested while it was being identified", async () => {
    const later: Promise<Answered>[] = [];
    const root: Answer = (response, n) => {
      later.push(client.realtime("p1-gas"));
      return body(fixtureText("lan/info"))(response, n);
    };
    const server = await bed.serve(good, { root });
    const client = bed.over("lan", server.host);
    const answers = [await client.realtime("p1"), ...(await Promise.all(later))];
    assert.deepEqual(
      answers.map(({ uid }) => uid),
      [UID, UID],
    );
  });

  it("is asked for history by the period's start, in seconds", async () => {
    const server = await bed.serve(body(fixtureText("lan/day-p1")));
    const client = bed.over("lan", server.host);
    await client.history("p1", client.period("day", "2020-04-21"));
    assert.equal(server.questions[0]?.url.pathname, "/open-api/v1/p1/data/day/");
    assert.equal(server.questions[0]?.url.search, "?time=1587420000");
  });

  it("with another MAC than configured is CEMM_WRONG_DEVICE", async () => {
    const server = await bed.serve(good, { root: otherRoot });
    const client = bed.over("lan", server.host, {
      uid: UID,
      name: "home",
      timeout: 0.4,
      discovery: NO_SEARCH,
    });
    const error = await failure(client.realtime("p1"));
    assert.equal(error.code, "CEMM_WRONG_DEVICE");
    for (const part of ["home", server.host, OTHER, UID]) assert.ok(error.message.includes(part), part);
  });

  it("without a root is accepted, with uid null", async () => {
    const server = await bed.serve(inTurn(good, status(404)), { root: status(404) });
    assert.equal((await bed.over("lan", server.host).realtime("p1")).uid, null);
    assert.deepEqual(
      server.questions.map(({ url }) => url.pathname),
      ["/open-api/v1/p1/realtime/", "/api/v1/public/cemm"],
    );
  });

  it("that is a CEMM 3.0 is CEMM_NOT_SUPPORTED", async () => {
    const server = await bed.serve(body(fixtureText("lan/cemm3")), { root: status(404) });
    const error = await failure(bed.over("lan", server.host).realtime("p1"));
    assert.equal(error.code, "CEMM_NOT_SUPPORTED");
    assert.match(error.message, /CEMM 3\.0/);
  });

  const ask = (host: string, uid: string) =>
    failure(bed.over("lan", host, { uid, discovery: NO_SEARCH, timeout: 4 }).realtime("p1"));

  const HOUR = 3_600_000;
  const PAUSES: { it: string; root: Answer; uid: string; pause?: number; code?: string }[] = [
    { it: "from the configured CEMM is used", root: body(INFO), uid: UID, pause: HOUR },
    { it: "from any CEMM is used if none is configured", root: body(INFO), uid: "", pause: HOUR },
    { it: "from another CEMM is ignored", root: otherRoot, uid: UID, code: "CEMM_WRONG_DEVICE" },
    { it: "from another product is ignored", root: body("<html>"), uid: "" },
    { it: "from a device that does not identify itself is ignored", root: status(503), uid: UID },
    {
      it: "from a device whose root is busy for an hour is ignored",
      root: status(429, { "retry-after": "3600" }),
      uid: UID,
    },
  ];
  eachAtOnce(
    PAUSES.map((row) => ({ ...row, it: `Retry-After ${row.it}` })),
    async ({ root, uid, pause, code = "CEMM_GATEWAY" }) => {
      const server = await bed.serve(status(503, { "retry-after": "3600" }), { root });
      const error = await ask(server.host, uid);
      assert.deepEqual([error.code, error.retryAfter], [code, pause]);
    },
  );

  eachAtOnce(
    [{ it: "that is starting, and has no root yet, is CEMM_BAD_RESPONSE, with or without a uid" }],
    async () => {
      const server = await bed.serve(status(404), { root: status(404) });
      for (const uid of ["", UID]) {
        const { code, message } = await ask(server.host, uid);
        assert.equal(code, "CEMM_BAD_RESPONSE");
        assert.match(message, /is starting|may be starting/);
      }
    },
  );

  it("has no readings of a past day: CEMM_NOT_SUPPORTED, without a request", async () => {
    const server = await bed.serve(good);
    const error = await failure(bed.over("lan", server.host).totals("p1", "2020-01-01"));
    assert.equal(error.code, "CEMM_NOT_SUPPORTED");
    assert.equal(server.connections, 0);
  });

  it("uses current readings as today's; CEMM_NOT_SUPPORTED for a meter without readings", async () => {
    const server = await bed.serve(good);
    const client = bed.over("lan", server.host);
    assert.equal((await failure(client.totals("s01", new Date()))).code, "CEMM_NOT_SUPPORTED");
    assert.equal(server.questions[0]?.url.pathname, "/open-api/v1/s01/realtime/");
  });

  it("without a meter of that alias: the error lists those it has, the likeliest first", async () => {
    const list = { data: ["s01", "p1-gas", "p1"].map((alias, n) => ({ io_id: n, type: alias, alias })) };
    const server = await bed.serve((response, n) => {
      const isList = server.questions[n]?.url.pathname.endsWith("/io/");
      return (isList ? json(list) : status(404))(response, n);
    });
    for (const ask of [(client: CemmClient) => client.realtime("p11"), (client: CemmClient) => client.meter("p11")]) {
      const error = await failure(ask(bed.over("lan", server.host)));
      assert.equal(error.code, "CEMM_ALIAS_UNSUPPORTED");
      assert.match(error.message, / has no meter "p11"\. It has p1, s01, p1-gas\.$/);
    }
  });

  it("without a meter of that alias in its list: CEMM_ALIAS_UNSUPPORTED", async () => {
    const server = await bed.serve(body(fixtureText("lan/io")));
    assert.equal((await failure(bed.over("lan", server.host).meter("mb9"))).code, "CEMM_ALIAS_UNSUPPORTED");
  });
});

describe("searching for a CEMM", () => {
  const bed = testbed();

  const serveAt = (address: string, root?: Answer) => bed.serve(good, { address, ...(root && { root }) });

  it("blank host: uses the only one that answers", async () => {
    const server = await serveAt("127.0.0.2");
    const discovery = await udpNetwork(bed, [{ server }]);
    const client = bed.client({ name: "home", discovery, timeout: 1 });
    const { uid, host } = await client.realtime("p1");
    assert.deepEqual({ uid, host }, { uid: UID, host: server.host });
    await client.realtime("p1");
    assert.equal(server.questions.length, 2);
  });

  it("blank host, none answers: CEMM_UNREACHABLE that says what to do", async () => {
    const error = await failure(bed.client({ name: "home", discovery: NO_SEARCH, timeout: 0.4 }).realtime("p1"));
    assert.deepEqual([error.code, error.retryable], ["CEMM_UNREACHABLE", true]);
    assert.match(error.message, /^home: No CEMM answered.*Enter its address/);
  });

  it("blank host, several answer: CEMM_CONFIG that names them", async () => {
    const [one, two] = [await serveAt("127.0.0.2"), await serveAt("127.0.0.3", otherRoot)];
    const discovery = await udpNetwork(bed, [{ server: one }, { server: two, uid: OTHER }]);
    const error = await failure(bed.client({ name: "home", discovery, timeout: 0.4 }).realtime("p1"));
    assert.equal(error.code, "CEMM_CONFIG");
    for (const part of [UID, one.host, OTHER, two.host]) assert.ok(error.message.includes(part), part);
  });

  it("blank host with a uid: uses that one of several, as soon as it answers", async () => {
    const [one, two] = [await serveAt("127.0.0.2"), await serveAt("127.0.0.3", otherRoot)];
    const discovery = await udpNetwork(bed, [{ server: one }, { server: two, uid: OTHER }]);
    const began = performance.now();
    assert.equal((await bed.client({ uid: "d880.3946.22b5", discovery, timeout: 10 }).realtime("p1")).host, two.host);
    assert.ok(performance.now() - began < 1000);
  });

  it("blank host with a uid that does not answer: CEMM_UNREACHABLE that names it", async () => {
    const server = await serveAt("127.0.0.2");
    const discovery = await udpNetwork(bed, [{ server }]);
    const error = await failure(bed.client({ uid: OTHER, discovery, timeout: 0.4 }).realtime("p1"));
    assert.equal(error.code, "CEMM_UNREACHABLE");
    assert.ok(error.message.includes(OTHER));
  });

  const LOST: { it: string; before: () => Promise<string> }[] = [
    { it: "nothing at its address", before: async () => NOBODY },
    { it: "another CEMM at its address", before: async () => (await bed.serve(good, { root: otherRoot })).host },
    {
      it: "another product at its address",
      before: async () => (await bed.serve(good, { root: body("<html>") })).host,
    },
    ...[401, 404, 500].map((code) => ({
      it: `a router that answers ${code} at its address`,
      before: async () => (await bed.serve(status(code), { root: status(code) })).host,
    })),
    { it: "silence at its address", before: async () => (await bed.serve(silence, { root: silence })).host },
  ];
  eachAtOnce(
    LOST.map((row) => ({ ...row, it: `follows one that moved, with one log line: ${row.it}` })),
    async ({ before: old }) => {
      const server = await serveAt("127.0.0.2");
      const discovery = await udpNetwork(bed, [{ server }]);
      const [host, lines]: [string, string[]] = [await old(), []];
      const client = bed.client({
        name: "home",
        host,
        uid: UID,
        discovery,
        timeout: 1.5,
        log: (line) => lines.push(line),
      });
      assert.equal((await client.realtime("p1")).host, server.host);
      await client.realtime("p1");
      assert.deepEqual(lines, [`home: the CEMM ${UID} moved from ${host} to ${server.host}`]);
    },
  );

  eachAtOnce([{ it: "follows one that moves between two polls within the second poll" }], async () => {
    const old = await bed.serve(good);
    const server = await serveAt("127.0.0.2");
    const discovery = await udpNetwork(bed, [{ server }]);
    const client = bed.client({ host: old.host, uid: UID, discovery, timeout: 3 });
    await client.realtime("p1");
    await old.close();
    assert.equal((await client.realtime("p1")).host, server.host);
  });

  it("does not follow one without a uid, which it could not recognise", async () => {
    const server = await serveAt("127.0.0.2");
    const discovery = await udpNetwork(bed, [{ server }]);
    const error = await failure(bed.client({ host: NOBODY, discovery, timeout: 1 }).realtime("p1"));
    assert.equal(error.code, "CEMM_UNREACHABLE");
  });

  eachAtOnce(
    [{ it: "if it is not found, the error says why its host failed, and not every poll searches again" }],
    async () => {
      const heard = await udpCemm("127.0.0.2", () => []);
      bed.kept(heard, heard.close);
      const discovery = { port: heard.port, broadcast: ["127.0.0.2"] };
      const client = bed.client({ host: NOBODY, uid: UID, discovery, timeout: 2 });
      assert.equal((await failure(client.realtime("p1"))).cause?.code, "ECONNREFUSED");
      const searched = heard.heard.length;
      assert.ok(searched > 0);
      await failure(client.realtime("p1"));
      assert.equal(heard.heard.length, searched);
    },
  );

  it("can be aborted", async () => {
    const controller = new AbortController();
    const work = rejection(
      bed.client({ discovery: NO_SEARCH, timeout: 10 }).realtime("p1", { signal: controller.signal }),
    );
    setTimeout(() => controller.abort("closed"), 50);
    assert.equal(await work, "closed");
  });
});

describe("another CEMM by at(target)", () => {
  const bed = testbed();

  it("on the LAN, by host", async () => {
    const [mine, other] = [await bed.serve(good), await bed.serve(good, { root: otherRoot })];
    const client = bed.over("lan", mine.host, { uid: UID });
    assert.equal((await client.at(other.host).realtime("p1")).uid, OTHER);
    assert.equal(client.at(other.host), client.at(other.host), "the target is cached");
    assert.equal(mine.connections, 0);
  });

  it("on the LAN, by uid, found by discovery", async () => {
    const server = await bed.serve(good, { address: "127.0.0.2", root: otherRoot });
    const client = bed.over("lan", "127.0.0.9", { discovery: await udpNetwork(bed, [{ server, uid: OTHER }]) });
    assert.equal((await client.at("d8:80:39:46:22:b5").realtime("p1")).host, server.host);
  });

  it("in the cloud, by uid only", async () => {
    const server = await bed.serve(good);
    const client = bed.over("cloud", server.host);
    assert.equal((await client.at("D8:80:39:46:22:B5").realtime("p1")).uid, OTHER);
    assert.match(server.questions[0]?.url.pathname ?? "", new RegExp(`/cemm/${OTHER}/`));
    assert.throws(() => client.at("192.168.1.10"), { code: "CEMM_INPUT" });
  });

  for (const target of ["not a host", "http://a/b", "", "user@host"]) {
    it(`"${target}" is CEMM_INPUT`, () => {
      assert.throws(() => new CemmClient({ host: "127.0.0.1" }).at(target), { code: "CEMM_INPUT" });
    });
  }
});
