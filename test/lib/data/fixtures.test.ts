/** The vendor's examples, and answers of real devices, read through the client. */
import assert from "node:assert/strict";
import { type Answer as CemmAnswer, toMeasurements, toSeries, toValues, type Values } from "../../../src/lib/index.js";
import { fixture, fixtureText } from "../../support/fixtures.js";
import { type RouteName, testbed, UID } from "../../support/server.js";
import { body } from "../../support/server-answers.js";

const bed = testbed();
const UNITS = ["day", "month", "year"] as const;

async function clientOf(name: string) {
  const route: RouteName = name.startsWith("lan/") ? "lan" : "cloud";
  const server = await bed.serve(body(fixtureText(name)));
  return { client: bed.over(route, server.host), server };
}

const READINGS: Record<string, Values> = {
  "cloud/realtime-p1": {
    t1: 1351,
    t2: 1614,
    t3: 883,
    t4: 2018,
    electric_power: -1607,
    rate: 2,
    switch: null,
    gas: 2617,
  },
  "cloud/realtime-s01": { electric_power: 1720 },
  "cloud/realtime-p1-gas": { gas: 2617 },
  "lan/realtime-p1": {
    t1: 78659.671875,
    t2: 114467.5703125,
    t3: 28713.73828125,
    t4: 33709.36328125,
    electric_power: -8840,
    rate: 2,
    gas: null,
  },
  "lan/realtime-p1-with-totals": { electric_power: -4.5, rate: 1, switch: null, gas: 4512.25 },
  "lan/realtime-water-idle": { flow: 0 },
  "lan/realtime-water-flowing": { flow: 6.2 },
  "lan/realtime-mb3": { t1: 5528.49, t2: null, electric_power: -4.5 },
  "lan/realtime-emucs-gas": { gas: 4512.25 },
};

const TOTALS: Record<string, Values> = {
  "cloud/totals-p1": {
    t1: 1350.5639648438,
    t2: 1612.3809814453,
    t3: 883.86798095703,
    t4: 2005.5209960938,
    electric_energy: 466.6960144043,
    electric_energy_high: -393.11401367188,
    gas: 2616.8449707031,
  },
  "lan/realtime-p1-with-totals": {
    t1: 5237.19,
    t2: 6120.5,
    t3: 1200.19,
    t4: 6800.75,
    electric_energy: 4037,
    electric_energy_high: -680.25,
    gas: 4512.25,
  },
  "lan/realtime-p1": {
    t1: 78659.671875,
    t2: 114467.5703125,
    t3: 28713.73828125,
    t4: 33709.36328125,
    gas: null,
    electric_energy: 49945.93359375,
    electric_energy_high: 80758.20703125,
  },
  "lan/realtime-water-idle": { volume: 345.678 },
  "lan/realtime-water-flowing": { volume: 345.684 },
  "lan/realtime-mb3": {
    t1: 1713.33,
    t2: 3815.16,
    t3: 12.41,
    t4: 3.27,
    electric_energy: 1700.92,
    electric_energy_high: 3811.89,
  },
  "lan/realtime-emucs-gas": { gas: 4512.25 },
};

type History = [unit: string, count: number, first: [time: number, value: number], last: [time: number, value: number]];
/** The `first` and `last` sample by time, and their `count` without the placeholder. */
const HISTORIES: Record<string, Record<string, History>> = {
  "cloud/day-p1": { electric_power: ["W", 1440, [1496181600000, 300], [1496267940000, -582]] },
  "cloud/day-p1-gas": { gas: ["m³", 24, [1496181600000, 0.0009765625], [1496264400000, 0.14208984375]] },
  "cloud/day-p1-gas-dsmr5": { gas: ["L/min", 1440, [1496181600000, 1.5], [1496267940000, 0]] },
  "cloud/month-p1-gas": { gas: ["m³", 31, [1493589600000, 0.0029296875], [1496181600000, 0.60400390625]] },
  "cloud/month-p1": {
    electric_energy_low: ["kWh", 31, [1493589600000, 3.1796875], [1496181600000, 5]],
    electric_energy_high: ["kWh", 31, [1493589600000, -6.6416015625], [1496181600000, -3]],
  },
  "cloud/year-p1-gas": { gas: ["m³", 12, [1483225200000, 281.623046875], [1512082800000, 0]] },
  "lan/day-p1": { electric_power: ["W", 1440, [1587420000000, 1000], [1587506340000, 1030]] },
};

function summary({ channels }: CemmAnswer) {
  return Object.fromEntries(
    Object.entries(channels).map(([name, { unit, samples }]) => {
      const [first, last] = [samples[0], samples.at(-1)].map((sample) => [sample?.time, sample?.value]);
      return [name, [unit, samples.length, first, last]];
    }),
  );
}

/** The id in the answer itself. */
const ioIdIn = (name: string): unknown => Reflect.get(Object(fixture(name)), "io_id") ?? null;

describe("the vendor's examples, and answers of real devices", () => {
  for (const [name, values] of Object.entries(READINGS)) {
    it(`reads ${name}`, async () => {
      const { client } = await clientOf(name);
      const answer = await client.realtime("p1");
      assert.deepEqual(toValues(answer), values);
      const { kind, uid, alias, ioId, unusable } = answer;
      assert.deepEqual([kind, uid, alias, ioId, unusable], ["realtime", UID, "p1", ioIdIn(name), []]);
      assert.deepEqual(answer.raw, fixture(name));
    });
  }

  for (const [name, values] of Object.entries(TOTALS)) {
    it(`reads the totals of ${name}`, async () => {
      const { client } = await clientOf(name);
      const answer = await client.totals("p1", name.startsWith("cloud/") ? 1496242535 : undefined);
      assert.deepEqual(toValues(answer), values);
      assert.equal(answer.kind, "totals");
    });
  }

  for (const [name, channels] of Object.entries(HISTORIES)) {
    it(`reads ${name}`, async () => {
      const unit = UNITS.find((each) => name.includes(each)) ?? assert.fail();
      const { client, server } = await clientOf(name);
      const answer = await client.history(
        "p1",
        client.period(unit, name === "lan/day-p1" ? "2020-04-21" : "2017-05-31"),
      );
      assert.deepEqual(summary(answer), channels);
      assert.equal(answer.ioId, Number(ioIdIn(name)));
      for (const samples of Object.values(toSeries([answer]))) {
        const times = samples.map(({ time }) => time ?? 0);
        const sorted = times.toSorted((a, b) => a - b);
        assert.deepEqual(times, sorted);
      }
      assert.match(server.questions[0]?.url.pathname ?? "", new RegExp(`/p1/data/${unit}/$`));
    });
  }

  it("reads cloud/cemms", async () => {
    const server = await bed.serve(body(fixtureText("cloud/cemms")));
    assert.deepEqual(await bed.account(server.host).cemms(), ["00-00-00-00-00-00", "FF-FF-FF-FF-FF-FF"]);
  });

  it("reads cloud/io", async () => {
    const { client } = await clientOf("cloud/io");
    assert.deepEqual(await client.meters(), [
      { ioId: 1, port: 3, type: "p1", portOption: "p1_in", unitId: 16384, alias: null },
      { ioId: 2, port: 3, type: "gas", portOption: "enabled", unitId: 16384, alias: null },
      { ioId: 3, port: 1, type: "solar_energy", portOption: "s0_in", unitId: 16384, alias: null },
    ]);
  });

  it("reads cloud/io-p1", async () => {
    const { client, server } = await clientOf("cloud/io-p1");
    const meter = { ioId: 1, port: 3, type: "p1", portOption: "p1_in", unitId: 16384, alias: "p1" };
    assert.deepEqual(await client.meter("p1"), meter);
    assert.equal(server.questions[0]?.url.pathname, `/v1/cemm/${UID}/p1/`);
  });

  it("reads lan/io, which lists the aliases", async () => {
    const { client } = await clientOf("lan/io");
    const meters = await client.meters();
    const unknown = { portOption: null, unitId: null };
    assert.deepEqual(meters, [
      { ioId: 88, port: 3, type: "p1", alias: "p1", ...unknown },
      { ioId: 89, port: 3, type: "gas", alias: "emucs-gas", ...unknown },
      { ioId: 90, port: 1, type: "solar_energy", alias: "mb3", ...unknown },
      { ioId: 91, port: 2, type: "water", alias: "pulse-1", ...unknown },
    ]);
    assert.deepEqual(await client.meter("mb3"), meters[2]);
  });

  for (const { name, info } of [
    {
      name: "lan/info",
      info: { uid: UID, name: "CEMM Basic", type: "E5AD649292BBBB51060F", firmware: "2.18.1.0", core: "1.24" },
    },
    {
      name: "lan/info-plus",
      info: {
        uid: "D8-80-39-46-22-B5",
        name: "CEMM Plus",
        type: "C1D5E0A2B7F3946E0D12",
        firmware: "2.26.0.0",
        core: "1.25",
      },
    },
  ]) {
    it(`reads ${name}`, async () => {
      const { host } = await bed.serve(() => {}, { root: body(fixtureText(name)) });
      assert.deepEqual(await bed.over("lan", host).info(), { ...info, host });
    });
  }

  it("reads a flow rate of 0 at an unknown time if no pulse came", async () => {
    const { client } = await clientOf("lan/realtime-water-idle");
    assert.deepEqual(toMeasurements(await client.realtime("pulse-1")).flow, { value: 0, unit: "L/min", time: null });
  });

  it("accepts seconds and milliseconds, as numbers and as text", async () => {
    const { client } = await clientOf("lan/realtime-emucs-gas");
    const { gas } = toMeasurements(await client.realtime("emucs-gas"));
    assert.deepEqual(gas, { value: 4512.25, unit: "m³", time: 1632947400000 });
  });
});
