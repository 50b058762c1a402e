import assert from "node:assert/strict";
import { z } from "zod";
import { DeviceInfo, History, IoList, Readings } from "../../src/lib/data/schemas.js";
import type { Simulator } from "../../src/simulator/simulator.js";
import { closeAll, lan, NOW, read, seconds, simulate } from "./support.js";

/** The raw pairs of a history. */
function pairs(history: History, channel: string): unknown[][] {
  const list = history.data[channel];
  assert.ok(Array.isArray(list));
  return list;
}

const Pair = z.tuple([z.number(), z.number()]);
const Modbus = z.object({ data: z.record(z.string(), Pair), totals: z.record(z.string(), Pair).optional() });

describe("the local API", () => {
  let simulator: Simulator;
  const SECOND = NOW - (NOW % 1000);

  before(async () => {
    simulator = await simulate({ devices: 2 });
  });
  after(closeAll);

  it("returns its identity, with colons in its MAC", async () => {
    const { data } = await read(lan(simulator, ""), DeviceInfo);
    assert.equal(data.mac, simulator.uids[0]?.replaceAll("-", ":"));
    assert.deepEqual([data.name, data.version, data.core], ["CEMM Plus", "2.26.0.0", "1.25"]);
    assert.match(data.type ?? "", /^[0-9A-F]{20}$/);
  });

  it("runs a server for each CEMM", async () => {
    const { data } = await read(lan(simulator, "", 1), DeviceInfo);
    assert.equal(data.mac, simulator.uids[1]?.replaceAll("-", ":"));
    assert.equal(data.name, "CEMM Basic");
  });

  it("lists its inputs with the alias to use", async () => {
    const { data } = await read(lan(simulator, "io/"), IoList);
    assert.deepEqual(
      data.map(({ io_id, type, alias }) => [io_id, type, alias]),
      [
        [1, "p1", "p1"],
        [2, "gas", "p1-gas"],
        [3, "solar_energy", "s01"],
        [4, "water", "pulse-3"],
        [5, "solar_energy", "mb3"],
      ],
    );
    assert.deepEqual(data[0], { io_id: 1, port: 3, type: "p1", alias: "p1" });
  });

  it("answers with and without the slash at the end, as JSON in UTF-8", async () => {
    for (const path of ["", "io", "io/", "p1/realtime", "p1/realtime/", "p1/data/day", "p1/data/day/"]) {
      const answer = await lan(simulator, path);
      assert.equal(answer.status, 200, path);
      assert.equal(answer.headers.get("content-type"), "application/json; charset=utf-8");
      await answer.text();
    }
    assert.equal((await fetch(`http://${simulator.addresses.lan[0]}/open-api/v1`)).status, 200);
  });

  const energy = ["electric_energy", "electric_energy_high"];
  const registers = ["t1", "t2", "t3", "t4"];
  for (const [alias, data, totals] of [
    ["p1", [...registers, "electric_power", "rate", "gas"], [...registers, ...energy, "gas"]],
    ["p1-gas", ["gas"], ["gas"]],
    ["s01", ["electric_power"], energy],
    ["mb3", ["t1", "t2", "electric_power"], [...registers, ...energy]],
    ["pulse-3", ["flow"], ["volume"]],
    ["usage", ["electric_power"], energy],
  ] as const) {
    it(`returns the live channels and the readings of ${alias}`, async () => {
      const answer = await read(lan(simulator, `${alias}/realtime/`), Readings);
      assert.deepEqual(Object.keys(answer.data), data);
      assert.deepEqual(Object.keys(answer.totals ?? {}), totals);
      assert.equal(answer.io_id, undefined);
      for (const [channel, pair] of Object.entries({ ...answer.data, ...answer.totals })) {
        assert.ok(Array.isArray(pair));
        const isSilent = (alias === "mb3" && channel === "t2") || channel === "flow";
        assert.equal(pair[0], isSilent && pair === answer.data[channel] ? 0 : SECOND, channel);
      }
    });
  }

  it("returns [0, 0] for a channel that never reported", async () => {
    const withoutGas = await simulate({ meters: ["p1"] });
    const { data } = await read(lan(withoutGas, "p1/realtime/"), Readings);
    assert.deepEqual(data.gas, [0, 0]);
    assert.equal("switch" in data, false);
  });

  it("has a Modbus meter as recorded: one counter in live values, split by tariff in the readings, using power at night", async () => {
    const night = await simulate({ now: () => Date.parse("2025-07-16T02:30:00+02:00") });
    const { data, totals = {} } = await read(lan(night, "mb3/realtime/"), Modbus);
    const { t1, t2, t3, t4 } = totals;
    assert.equal(data.t1?.[1].toFixed(3), ((t1?.[1] ?? 0) + (t2?.[1] ?? 0)).toFixed(3));
    assert.deepEqual(data.t2, [0, 0]);
    assert.equal(data.electric_power?.[1], -4);
    assert.ok((t3?.[1] ?? 0) > 0 && (t4?.[1] ?? 0) > 0);
  });

  it("returns the reading, but no flow rate, while no water runs", async () => {
    const answer = await read(lan(simulator, "pulse-3/realtime/"), Readings);
    assert.deepEqual(answer.data.flow, [0, 0]);
    const day = await read(lan(simulator, "pulse-3/data/day/"), History);
    const [time] = pairs(day, "flow").find(([, flow]) => Number(flow) > 0) ?? [];
    const showering = await simulate({ now: () => Number(time) });
    const { data } = await read(lan(showering, "pulse-3/realtime/"), Modbus);
    assert.ok((data.flow?.[1] ?? 0) > 0);
  });

  it("returns the io_id of a history as a string, and its time in seconds", async () => {
    const time = seconds("2025-07-01T00:00+02:00");
    const body: unknown = await (await lan(simulator, `p1/data/month/?time=${time}`)).json();
    assert.ok(typeof body === "object" && body && "io_id" in body && "time" in body);
    assert.deepEqual([body.io_id, body.time], ["1", time]);
  });

  it("returns today newest first: the last second without a value, then the last full minute", async () => {
    const history = await read(lan(simulator, "p1/data/day/"), History);
    assert.equal(history.time, seconds("2025-07-16T00:00+02:00"));
    const [placeholder, newest, ...older] = pairs(history, "electric_power");
    assert.deepEqual(placeholder, [Date.parse("2025-07-16T23:59:59+02:00"), null]);
    assert.equal(newest?.[0], Date.parse("2025-07-16T12:33+02:00"));
    assert.equal(older.at(-1)?.[0], Date.parse("2025-07-16T00:00+02:00"));
    assert.equal(older.length, 12 * 60 + 33);
  });

  it("returns a day of water as a flow rate for each minute", async () => {
    const history = await read(lan(simulator, `pulse-3/data/day/?time=${seconds("2025-07-15T00:00+02:00")}`), History);
    assert.equal(pairs(history, "flow").length, 1441);
  });

  it("returns 0 for future days and months, and past days as they were", async () => {
    const month = pairs(await read(lan(simulator, "usage/data/month/"), History), "electric_energy_low");
    assert.equal(month.length, 31);
    assert.deepEqual(month[0], [Date.parse("2025-07-31T00:00+02:00"), 0]);
    assert.ok(month.slice(0, 15).every(([, value]) => value === 0));
    assert.ok(month.slice(15).every(([, value]) => Number(value) > 0));
    const year = pairs(await read(lan(simulator, "usage/data/year/"), History), "electric_energy_low");
    assert.equal(year.length, 12);
    assert.ok(year.slice(0, 5).every(([, value]) => value === 0));
    assert.ok(year.slice(5).every(([, value]) => Number(value) > 0));
    assert.deepEqual(year.at(-1)?.[0], Date.parse("2025-01-01T00:00+01:00"));
  });

  it("returns nothing for future days and for the time before the CEMM", async () => {
    for (const iso of ["2025-07-17T00:00+02:00", "2013-07-17T00:00+02:00"]) {
      const history = await read(lan(simulator, `p1/data/day/?time=${seconds(iso)}`), History);
      assert.deepEqual(pairs(history, "electric_power"), [[Date.parse(iso) + 86_399_000, null]]);
      const year = await read(lan(simulator, `p1/data/year/?time=${seconds("2013-07-17T00:00+02:00")}`), History);
      assert.ok(pairs(year, "electric_energy_low").every(([, value]) => value === 0));
    }
  });

  it("uses the days of another time zone if configured", async () => {
    const there = await simulate({ timezone: "Asia/Kolkata" });
    const history = await read(lan(there, `p1/data/day/?time=${seconds("2025-07-15T12:00+05:30")}`), History);
    assert.equal(pairs(history, "electric_power").at(-1)?.[0], Date.parse("2025-07-15T00:00+05:30"));
  });

  it("answers 404 for an unknown alias or path", async () => {
    for (const path of [
      "s02/realtime/",
      "p1/totals/",
      "p1/",
      "p1/data/week/",
      "s02/data/day/",
      "__proto__/realtime/",
    ]) {
      assert.equal((await lan(simulator, path)).status, 404, path);
    }
    assert.equal((await fetch(`http://${simulator.addresses.lan[0]}/api/v1/public/cemm`)).status, 404);
  });

  it("answers 400 for a time that is not in seconds", async () => {
    for (const time of ["yesterday", "-1", "1.5", "1752616800000"]) {
      assert.equal((await lan(simulator, `p1/data/day/?time=${time}`)).status, 400, time);
    }
  });

  it("answers 405 for anything but GET", async () => {
    const answer = await fetch(`http://${simulator.addresses.lan[0]}/open-api/v1/`, { method: "POST" });
    assert.deepEqual([answer.status, answer.headers.get("allow")], [405, "GET"]);
  });
});
