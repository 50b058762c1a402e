/** The route through the cloud: paths, the account's CEMMs, and a client's options. */
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { CemmAccount, CemmClient, type CemmClientOptions } from "../../../src/lib/index.js";
import { fixtureText } from "../../support/fixtures.js";
import { eachAtOnce, eventually, failure, KEY, NO_SEARCH, NOBODY, testbed, UID } from "../../support/server.js";
import { body, good, inTurn, json, promised, silence, status } from "../../support/server-answers.js";

describe("the cloud", () => {
  const bed = testbed();

  const READINGS = { t1: [1, 2] };
  const METERS = [{ io_id: 1, type: "p1" }];
  const PATHS: [path: string, ask: (client: CemmClient) => Promise<unknown>, data: object, time?: string][] = [
    ["io/", (client) => client.meters(), METERS],
    ["p1/", (client) => client.meter("p1"), METERS],
    ["p1/realtime/", (client) => client.realtime("p1"), READINGS],
    ["p1/data/day/", (client) => client.history("p1", client.period("day", "2026-03-29")), { t1: [] }, "1774738800"],
    ["p1/data/month/", (client) => client.history("p1", client.period("month", "2026-03")), { t1: [] }, "1772319600"],
    ["p1/data/year/", (client) => client.history("p1", client.period("year", "2026")), { t1: [] }, "1767222000"],
    ["p1/totals/", (client) => client.totals("p1", "2026-03-29"), READINGS, "1774738800"],
  ];
  for (const [path, ask, data, time] of PATHS) {
    it(`asks ${path}`, async () => {
      const server = await bed.serve(json({ data }));
      await ask(bed.over("cloud", server.host));
      const { url } = server.questions[0] ?? {};
      assert.equal(url?.pathname, `/v1/cemm/${UID}/${path}`);
      assert.deepEqual(Object.fromEntries(url?.searchParams ?? []), { ...(time && { time }), api_key: KEY });
    });
  }

  it("accepts a base address with or without a slash at its end", async () => {
    const server = await bed.serve(json({ data: [] }));
    for (const baseUrl of [`http://${server.host}/open-api/v1`, ` http://${server.host}/open-api/v1/ `]) {
      const account = new CemmAccount({ apiKey: "demo", baseUrl });
      bed.kept(account, () => account.close());
      await account.cemms();
    }
    assert.deepEqual(
      server.questions.map(({ url }) => url.pathname),
      Array(2).fill("/open-api/v1/cemm/"),
    );
    const account = new CemmAccount({ apiKey: "demo" });
    bed.kept(account, () => account.close());
    assert.equal(account.host, "open-api.cemm.nl");
  });

  for (const timeout of [0, -1, Number.NaN, Number.POSITIVE_INFINITY]) {
    it(`a time limit of ${timeout} s for the list of CEMMs is CEMM_CONFIG`, async () => {
      const server = await bed.serve(json({ data: [] }));
      const { code, message } = await failure(bed.account(server.host).cemms({ timeout }));
      assert.equal(code, "CEMM_CONFIG");
      assert.match(message, /time limit \(timeout\) must be 0\.1 to 3600 seconds/);
      assert.equal(server.connections, 0);
    });
  }

  const LINKED: { it: string; uids: string[]; says?: RegExp }[] = [
    { it: "blank uid: the account's only CEMM", uids: ["00:1e:c0:85:96:cc"] },
    { it: "blank uid, no CEMM linked: CEMM_CONFIG", uids: [], says: /no CEMM/ },
    {
      it: "blank uid, several linked: CEMM_CONFIG that names them",
      uids: [UID, "D8-80-39-46-22-B5"],
      says: /00-1E-C0-85-96-CC, D8-80-39-46-22-B5/,
    },
  ];
  eachAtOnce(LINKED, async ({ uids, says }) => {
    const list = json({ data: uids.map((uid) => ({ uid })) });
    const server = await bed.serve((response, n) => (n === 0 ? list : good)(response, n));
    const client = bed.over("cloud", server.host, { uid: "" });
    if (says) {
      const error = await failure(client.realtime("p1"));
      assert.equal(error.code, "CEMM_CONFIG");
      return assert.match(error.message, says);
    }
    assert.equal((await client.realtime("p1")).uid, UID);
    await client.realtime("p1");
    assert.equal(server.questions.length, 3, "the list is requested once");
  });

  it("does not provide name and firmware: CEMM_NOT_SUPPORTED", async () => {
    const server = await bed.serve(good);
    assert.equal((await failure(bed.over("cloud", server.host).info())).code, "CEMM_NOT_SUPPORTED");
    assert.equal(server.connections, 0);
  });
});

describe("auto", () => {
  const bed = testbed();
  const fromLan = json({ data: { electric_power: [1_632_948_526_000, 1] } });
  const fromCloud = json({ data: { electric_power: [1_632_948_526_000, 2] } });

  async function both(lanAnswer = fromLan, options: CemmClientOptions = {}) {
    const [lan, cloud] = [await bed.serve(lanAnswer), await bed.serve(fromCloud)];
    const client = bed.client({
      access: "auto",
      host: lan.host,
      uid: UID,
      account: bed.account(cloud.host),
      timeout: 8,
      discovery: NO_SEARCH,
      ...options,
    });
    return { lan, cloud, client };
  }

  it("asks the LAN first, and only the LAN", async () => {
    const { cloud, client } = await both();
    assert.equal((await client.realtime("p1")).source, "lan");
    assert.equal(cloud.connections, 0);
  });

  eachAtOnce([{ it: "asks the cloud while the LAN fails, and the LAN again once it answers" }], async () => {
    let isDown = true;
    const lan = await bed.serve(fromLan, {
      root: (response, n) => (isDown ? silence : body(fixtureText("lan/info")))(response, n),
    });
    const { client } = await both(fromLan, { host: lan.host, timeout: 3 });
    assert.equal((await client.realtime("p1")).source, "cloud");
    isDown = false;
    const began = performance.now();
    assert.equal((await client.realtime("p1")).source, "cloud");
    assert.ok(performance.now() - began < 1000, "no request waits for the probe");
    await eventually(() => lan.greetings.length >= 2, "a probe asks the LAN");
    while ((await client.realtime("p1")).source !== "lan") await delay(20);
  });

  it("asks the cloud for the CEMM that answered on the LAN, instead of assuming the account's only one", async () => {
    let down = false;
    const { cloud, client } = await both((response, n) => (down ? status(502) : fromLan)(response, n), { uid: "" });
    await client.realtime("p1");
    down = true;
    assert.equal((await client.realtime("p1")).source, "cloud");
    assert.equal(cloud.questions[0]?.url.pathname, `/v1/cemm/${UID}/p1/realtime/`);
  });

  it("asks the cloud for the CEMM that replaced another one", async () => {
    const other = "D8-80-39-46-22-B5";
    const lan = await bed.serve(inTurn(fromLan, status(404)), {
      root: inTurn(body(fixtureText("lan/info")), body(fixtureText("lan/info-plus"))),
    });
    const { cloud, client } = await both(fromLan, { host: lan.host, uid: "", timeout: 5 });
    await client.realtime("p1");
    assert.equal((await client.realtime("mb9")).source, "cloud");
    assert.equal(cloud.questions[0]?.url.pathname, `/v1/cemm/${other}/mb9/realtime/`);
  });

  it("a host as target is asked on the LAN only, since the cloud does not know hosts", async () => {
    const { cloud, client } = await both();
    assert.equal((await failure(client.at(NOBODY).realtime("p1"))).code, "CEMM_UNREACHABLE");
    assert.equal(cloud.connections, 0);
  });

  it("its own uid as target is the client itself, with its host", async () => {
    const { client } = await both();
    assert.equal(client.at("001ec08596cc"), client);
  });

  const LOST: { it: string; host: () => Promise<string> }[] = [
    { it: "nothing on the LAN: the cloud answers", host: async () => NOBODY },
    {
      it: "silence on the LAN: the cloud answers in time",
      host: async () => (await bed.serve(() => {}, { root: () => {} })).host,
    },
    {
      it: "another CEMM on the LAN: the cloud answers",
      host: async () => (await bed.serve(good, { root: json({ data: { mac: "02:00:00:00:00:01" } }) })).host,
    },
    {
      it: "a CEMM 3.0 on the LAN: the cloud answers",
      host: async () =>
        (await bed.serve(json({ id: 1, mac: "02:00:00:00:00:01", modules: [] }), { root: status(404) })).host,
    },
  ];
  eachAtOnce(LOST, async ({ host }) => {
    const { client } = await both(fromLan, { host: await host(), timeout: 2.5 });
    assert.equal((await client.realtime("p1")).source, "cloud");
    assert.equal((await client.realtime("p1")).source, "cloud");
  });

  eachAtOnce([{ it: "all queued requests go to the cloud at once when the LAN falls silent" }], async () => {
    const { client } = await both(silence, { timeout: 3 });
    const began = performance.now();
    const answers = await Promise.all(["p1", "s01", "s02", "mb1"].map((alias) => client.realtime(alias)));
    assert.deepEqual([...new Set(answers.map(({ source }) => source))], ["cloud"]);
    assert.ok(performance.now() - began < 2200, `${performance.now() - began} ms`);
  });

  eachAtOnce([{ it: "an invalid answer for one meter does not send the others to the cloud" }], async () => {
    const lines: string[] = [];
    const { client } = await both(
      (response, n) => (response.req.url?.includes("mb9") ? json({ data: [] }) : fromLan)(response, n),
      { log: (line) => lines.push(line) },
    );
    for (let n = 0; n < 5; n++) {
      assert.equal((await client.realtime("mb9")).source, "cloud");
      assert.equal((await client.realtime("p1")).source, "lan");
    }
    assert.deepEqual(lines, []);
  });

  it("asks the cloud for a meter that the CEMM does not have on the LAN, and the LAN for the others", async () => {
    const { lan, cloud, client } = await both(inTurn(status(404), fromLan));
    assert.equal((await client.realtime("mb9")).source, "cloud");
    assert.equal((await client.realtime("p1")).source, "lan");
    const asked = lan.questions.map(({ url }) => url.pathname.split("/").at(-3));
    // The list of meters is requested for the error message.
    assert.deepEqual([asked, cloud.questions.length], [["mb9", "v1", "p1"], 1]);
  });

  eachAtOnce([{ it: "raises the cloud's error if both fail" }], async () => {
    const cloud = await bed.serve(status(403));
    const { client } = await both(fromLan, { host: NOBODY, account: bed.account(cloud.host) });
    assert.equal((await failure(client.realtime("p1"))).code, "CEMM_UNAUTHORIZED");
  });

  it("reads a past day's readings from the cloud, and today's from the LAN", async () => {
    const { lan, cloud, client } = await both(json({ data: {}, totals: { t1: [1_632_948_526_000, 5] } }));
    assert.equal((await client.totals("p1", "2020-01-01")).source, "cloud");
    assert.equal(lan.connections, 0);
    assert.equal((await client.totals("p1")).source, "lan");
    assert.equal(cloud.questions.length, 1);
  });

  eachAtOnce([{ it: "follows the cloud's promises" }], async () => {
    const cloud = await bed.serve((response, n) => (n === 0 ? promised : fromCloud)(response, n));
    const { client } = await both(fromLan, { host: NOBODY, account: bed.account(cloud.host), timeout: 2 });
    let calls = 0;
    await client.realtime("p1", { onPromise: () => calls++ });
    assert.equal(calls, 1);
  });

  it("reads the meters, one meter, history and info from the LAN", async () => {
    const meters = await both(json({ data: [{ io_id: 1, type: "p1", alias: "p1" }] }));
    assert.equal((await meters.client.meters()).length, 1);
    assert.equal((await meters.client.meter("p1")).alias, "p1");
    assert.equal((await meters.client.info()).uid, UID);
    const { client } = await both(json({ data: { electric_power: [] } }));
    assert.equal((await client.history("p1", client.period("day"))).source, "lan");
  });
});

describe("a client's options", () => {
  const REFUSED: { it: string; options: CemmClientOptions }[] = [
    { it: "cloud without an account", options: { access: "cloud", uid: UID } },
    { it: "auto without an account", options: { access: "auto", host: "127.0.0.1" } },
    { it: "a uid that is not a MAC address", options: { host: "127.0.0.1", uid: "00-1E-C0" } },
    ...["https://192.168.1.10", "cemm.local/path", "a b", "user:word@cemm.local", "cemm:99999", "[::1", "?"].map(
      (host) => ({ it: `the host "${host}"`, options: { host } }),
    ),
  ];
  for (const { it: what, options } of REFUSED) {
    it(`${what} is CEMM_CONFIG`, () => assert.throws(() => new CemmClient(options), { code: "CEMM_CONFIG" }));
  }

  for (const host of [
    "cemm.local",
    "192.168.1.10:8080",
    "http://192.168.1.10/",
    "HTTP://cemm",
    "[::1]:80",
    "[fe80::1]",
    "fe80::1",
    " 192.168.1.10 ",
  ]) {
    it(`the host "${host}" is accepted`, () => assert.ok(new CemmClient({ host })));
  }

  for (const uid of [
    "00-1E-C0-85-96-CC",
    "00:1e:c0:85:96:cc",
    "001EC08596CC",
    "001e.c085.96cc",
    " 00 1e c0 85 96 cc ",
  ]) {
    it(`the uid "${uid}" is accepted`, () => assert.ok(new CemmClient({ host: "127.0.0.1", uid })));
  }

  for (const alias of ["", "P1", "p1/", "../io", "p1 ", "p_1", "é", "x".repeat(65), "p1?x=1", "%2e"]) {
    it(`the alias "${alias.slice(0, 10)}" is CEMM_INPUT, before any request`, async () => {
      const client = new CemmClient({ host: NOBODY });
      for (const work of [
        client.realtime(alias),
        client.meter(alias),
        client.totals(alias),
        client.history(alias, client.period("day")),
      ]) {
        assert.equal((await failure(work)).code, "CEMM_INPUT");
      }
    });
  }

  it("an invalid time is CEMM_INPUT, before any request", async () => {
    assert.equal((await failure(new CemmClient({ host: NOBODY }).totals("p1", "soon"))).code, "CEMM_INPUT");
  });
});
