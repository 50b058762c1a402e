import assert from "node:assert/strict";
import { ApiPromise, CemmList, History, IoList, Readings } from "../../src/lib/data/schemas.js";
import { closeAll, cloud, lan, NOW, read, seconds, simulate } from "./support.js";

const OF_ALIAS = ["", "realtime/", "data/day/", "data/month/", "data/year/", "totals/"];
const ENDPOINTS = ["cemm/", "cemm/:uid/io/", ...OF_ALIAS.map((path) => `cemm/:uid/p1/${path}`)];

describe("the cloud API", () => {
  afterEach(closeAll);

  it("answers with and without the slash at the end", async () => {
    const simulator = await simulate();
    for (const path of ENDPOINTS.flatMap((each) => [each, each.slice(0, -1)])) {
      assert.equal((await cloud(simulator, path)).status, 200, path);
    }
  });

  it("answers at both base addresses", async () => {
    const simulator = await simulate();
    const other = simulator.addresses.cloud.replace("/v1/", "/open-api/v1/");
    assert.equal((await fetch(`${other}cemm/?api_key=demo`)).status, 200);
  });

  it("lists the account's CEMMs, with dashes in their MAC", async () => {
    const simulator = await simulate({ devices: 2 });
    const { data } = await read(cloud(simulator, "cemm/"), CemmList);
    assert.deepEqual(
      data,
      simulator.uids.map((uid) => ({ uid })),
    );
    assert.match(simulator.uids[0] ?? "", /^([0-9A-F]{2}-){5}[0-9A-F]{2}$/);
  });

  it("lists inputs without aliases, as documented", async () => {
    const simulator = await simulate();
    const one = await (await cloud(simulator, "cemm/:uid/p1/")).json();
    assert.deepEqual(one, {
      data: [{ io_id: 1, port: 3, type: "p1", port_option: "p1_in", full_id: 16384 }],
    });
    const { data } = await read(cloud(simulator, "cemm/:uid/io/"), IoList);
    assert.deepEqual(
      data.map(({ io_id }) => io_id),
      [1, 2, 3, 4, 5],
    );
    assert.ok(data.every((entry) => !("alias" in entry)));
  });

  it("returns only live values, with a number as io_id", async () => {
    const simulator = await simulate();
    const body: unknown = await (await cloud(simulator, "cemm/:uid/s01/realtime/")).json();
    assert.ok(typeof body === "object" && body && "io_id" in body && "data" in body);
    assert.deepEqual(Object.keys(body), ["io_id", "data"]);
    assert.equal(body.io_id, 3);
    const live = await read(lan(simulator, "s01/realtime/"), Readings);
    assert.deepEqual(body.data, live.data);
  });

  it("repeats the requested time in milliseconds, and begins a day with its last second", async () => {
    const simulator = await simulate();
    const time = seconds("2025-07-15T16:55:35+02:00");
    const history = await read(cloud(simulator, "cemm/:uid/p1-gas/data/day/", { time: String(time) }), History);
    assert.equal(history.time, time * 1000);
    const gas = history.data.gas;
    assert.ok(Array.isArray(gas));
    assert.equal(gas.length, 25);
    assert.deepEqual(gas[0], [Date.parse("2025-07-15T23:59:59+02:00"), 0]);
    assert.equal(gas[24][0], Date.parse("2025-07-15T00:00:00+02:00"));
  });

  it("returns the last reading of a past day, of the current minute today, and none for a future day", async () => {
    const simulator = await simulate();
    const t1 = async (iso: string): Promise<unknown> => {
      const time = String(seconds(iso));
      return (await read(cloud(simulator, "cemm/:uid/p1/totals/", { time }), Readings)).data.t1;
    };
    const [past, today] = [await t1("2025-07-15T10:00+02:00"), await t1("2025-07-16T00:00+02:00")];
    assert.ok(Array.isArray(past) && Array.isArray(today));
    assert.equal(past[0], Date.parse("2025-07-15T23:59:59+02:00"));
    assert.equal(today[0], Date.parse("2025-07-16T12:34:00+02:00"));
    assert.ok(today[1] > past[1]);
    assert.deepEqual(await t1("2025-07-17T00:00+02:00"), [0, 0]);
  });

  it("denies a wrong or missing key, and a CEMM of another account, with 403", async () => {
    const simulator = await simulate({ apiKey: "secret" });
    for (const path of ENDPOINTS) {
      assert.equal((await cloud(simulator, path, { api_key: "wrong" })).status, 403, path);
    }
    assert.equal((await fetch(`${simulator.addresses.cloud}cemm/`)).status, 403);
    for (const path of ["io/", "p1/", "p1/realtime/"]) {
      assert.equal((await cloud(simulator, `cemm/FF-FF-FF-FF-FF-FF/${path}`)).status, 403, path);
    }
  });

  it("answers 412 for an alias that its documentation does not list or the CEMM does not have", async () => {
    const simulator = await simulate({ meters: ["han", "mb3"] });
    for (const path of OF_ALIAS.flatMap((each) => [`p1/${each}`, `mb3/${each}`, `nonsense/${each}`])) {
      assert.equal((await cloud(simulator, `cemm/:uid/${path}`)).status, 412, path);
    }
  });

  it("answers 404 for another path, 405 for another method, 400 for an invalid time", async () => {
    const simulator = await simulate();
    for (const path of ["", "cemms/", "cemm/:uid/", "cemm/:uid/p1/data/week/", "cemm/:uid/p1/data/"]) {
      assert.equal((await cloud(simulator, path)).status, 404, path);
    }
    const posted = await fetch(`${simulator.addresses.cloud}cemm/?api_key=demo`, { method: "POST" });
    assert.equal(posted.status, 405);
    for (const endpoint of ["data/day/", "totals/"]) {
      assert.equal((await cloud(simulator, `cemm/:uid/p1/${endpoint}`, { time: "tomorrow" })).status, 400);
    }
  });
});

describe("a promise", () => {
  let now = NOW;
  beforeEach(() => {
    now = NOW;
  });
  afterEach(closeAll);

  const promising = () => simulate({ promise: 1500, now: () => now });
  const path = "cemm/:uid/p1/realtime/";

  it("is given with 202, then the same request is answered", async () => {
    const simulator = await promising();
    const first = await cloud(simulator, path);
    assert.equal(first.status, 202);
    const { promise } = ApiPromise.parse(await first.json());
    now += 1499;
    const second = await cloud(simulator, path);
    assert.deepEqual([second.status, await second.json()], [202, { promise }]);
    now += 1;
    assert.equal((await cloud(simulator, path)).status, 200);
  });

  it("returns what the CEMM answered, for two more seconds, and is then promised again", async () => {
    const simulator = await promising();
    await cloud(simulator, path);
    now += 5000;
    const { data } = await read(cloud(simulator, path), Readings);
    const power = data.electric_power;
    assert.ok(Array.isArray(power));
    assert.equal(power[0], NOW + 1000, "from when the CEMM answered, to the second");
    now += 1999;
    assert.deepEqual((await read(cloud(simulator, path), Readings)).data, data);
    now += 1;
    assert.equal((await cloud(simulator, path)).status, 202);
  });

  it("expires after ten seconds: the next request gets a new id, and the CEMM is asked again", async () => {
    const simulator = await promising();
    const first = await read(cloud(simulator, path), ApiPromise);
    now += 10_000;
    const answer = await cloud(simulator, path);
    assert.equal(answer.status, 202);
    assert.notEqual(ApiPromise.parse(await answer.json()).promise, first.promise);
    now += 1500;
    assert.equal((await cloud(simulator, path)).status, 200);
  });

  it("is given for the configured share of the requests; the others are answered immediately", async () => {
    const simulator = await simulate({ promise: 1500, promiseShare: 0.5, devices: 40 });
    const ask = async (uid: string) => (await cloud(simulator, `cemm/${uid}/io/`)).status;
    const statuses = await Promise.all(simulator.uids.map(ask));
    const promised = statuses.filter((status) => status === 202).length;
    assert.ok(promised > 10 && promised < 30, `${promised} of 40`);
    assert.ok(statuses.every((status) => status === 202 || status === 200));
  });

  it("is separate for each request", async () => {
    const simulator = await promising();
    const day = { time: String(seconds("2025-07-15T00:00+02:00")) };
    const ids = new Set<string>();
    for (const question of [cloud(simulator, path), cloud(simulator, "cemm/:uid/io/")]) {
      ids.add((await read(question, ApiPromise)).promise);
    }
    ids.add((await read(cloud(simulator, "cemm/:uid/p1/totals/"), ApiPromise)).promise);
    ids.add((await read(cloud(simulator, "cemm/:uid/p1/totals/", day), ApiPromise)).promise);
    assert.equal(ids.size, 4);
  });

  it("is given for the list of CEMMs, too", async () => {
    const simulator = await promising();
    assert.equal((await cloud(simulator, "cemm/")).status, 202);
    now += 1500;
    assert.equal((await read(cloud(simulator, "cemm/"), CemmList)).data.length, 1);
  });

  it("is not given for a refusal", async () => {
    const simulator = await promising();
    assert.equal((await cloud(simulator, "cemm/:uid/mb3/realtime/")).status, 412);
    assert.equal((await cloud(simulator, path, { api_key: "wrong" })).status, 403);
  });
});
