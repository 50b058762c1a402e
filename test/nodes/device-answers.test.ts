/** A device of the network with answers as devices were seen to give them: what the client and the nodes make of each. */
import assert from "node:assert/strict";
import type { ServerResponse } from "node:http";
import { type CemmClient, toValues } from "../../src/lib/index.js";
import { fixture, fixtureText } from "../support/fixtures.js";
import { endFlow, flows, startFlow } from "../support/flow.js";
import { originOf } from "../support/flow-seen.js";
import { testbed } from "../support/server.js";
import { body, status } from "../support/server-answers.js";
import { udpCemm } from "../support/server-udp.js";

const UID = "D8-80-39-46-22-B5";
const AT = 1_632_948_526_000;

/** Its meters, with the answer of each, the values that it means live and as readings, and what else must hold. */
const METERS = [
  {
    what: "a smart meter: feed-in is negative, a breaker that never reported is unknown",
    alias: "p1",
    answer: "lan/realtime-p1-with-totals",
    live: { electric_power: -4.5, rate: 1, switch: null, gas: 4512.25 },
    readings: {
      t1: 5237.19,
      t2: 6120.5,
      t3: 1200.19,
      t4: 6800.75,
      electric_energy: 4037,
      electric_energy_high: -680.25,
      gas: 4512.25,
    },
    units: { electric_power: "W", rate: null, switch: null, gas: "m³" },
  },
  {
    what: "an idle water meter: no pulse since the CEMM started is a flow of 0",
    alias: "pulse-1",
    answer: "lan/realtime-water-idle",
    live: { flow: 0 },
    readings: { volume: 345.678 },
    units: { flow: "L/min" },
  },
  {
    what: "a water meter while water runs",
    alias: "pulse-1",
    answer: "lan/realtime-water-flowing",
    live: { flow: 6.2 },
    readings: { volume: 345.684 },
    units: { flow: "L/min" },
  },
  {
    what: "solar panels on Modbus, at night: live t1 is the whole counter, its readings are split by tariff",
    alias: "mb3",
    answer: "lan/realtime-mb3",
    live: { t1: 5528.49, t2: null, electric_power: -4.5 },
    readings: {
      t1: 1713.33,
      t2: 3815.16,
      t3: 12.41,
      t4: 3.27,
      electric_energy: 1700.92,
      electric_energy_high: 3811.89,
    },
    units: { t1: "kWh", t2: "kWh", electric_power: "W" },
  },
  {
    what: "a gas meter behind a Belgian smart meter: an alias that no page lists",
    alias: "emucs-gas",
    answer: "lan/realtime-emucs-gas",
    live: { gas: 4512.25 },
    readings: { gas: 4512.25 },
    units: { gas: "m³" },
  },
] as const;

/** The list from the device, and the expected result. */
const LISTED = [
  { ioId: 88, port: 3, type: "p1", alias: "p1" },
  { ioId: 89, port: 3, type: "gas", alias: "emucs-gas" },
  { ioId: 90, port: 1, type: "solar_energy", alias: "mb3" },
  { ioId: 91, port: 2, type: "water", alias: "pulse-1" },
].map((meter) => ({ ...meter, portOption: null, unitId: null }));

describe("answers of real devices", () => {
  flows();
  const bed = testbed();
  const root = body(fixtureText("lan/info-plus"));

  /** A device that gives this answer for this meter. */
  const device = async (alias: string, answer: string): Promise<string> => {
    const paths = new Map([
      ["/open-api/v1/io/", "lan/io"],
      [`/open-api/v1/${alias}/realtime/`, answer],
      [`/open-api/v1/${alias}/data/day/`, "lan/day-p1"],
    ]);
    const byPath = (response: ServerResponse) => {
      const known = paths.get(new URL(response.req.url ?? "", "http://cemm").pathname);
      return (known === undefined ? status(404) : body(fixtureText(known)))(response, 0);
    };
    return (await bed.serve(byPath, { root })).host;
  };
  const client = (host: string): CemmClient => bed.client({ host, uid: UID });

  for (const { what, alias, answer, live, readings, units } of METERS) {
    it(`${what}: the client`, async () => {
      const cemm = client(await device(alias, answer));
      const [now, totals] = [await cemm.realtime(alias), await cemm.totals(alias)];
      assert.deepEqual([toValues(now), toValues(totals)], [live, readings]);
      assert.deepEqual([now.raw, now.unusable, now.ioId, now.uid], [fixture(answer), [], null, UID]);
    });

    it(`${what}: the nodes`, async () => {
      const config = { host: await device(alias, answer), uid: UID, name: "House" };
      const asked = await (await startFlow({ node: { type: "cemm-realtime", alias }, device: config })).answer();
      assert.deepEqual([asked.payload, asked.topic], [live, `cemm/${UID}/${alias}/realtime`]);
      const { channels } = originOf(asked);
      assert.deepEqual(Object.fromEntries(Object.entries(channels).map(([name, { unit }]) => [name, unit])), units);
      await endFlow();
      const read = await (await startFlow({ node: { type: "cemm-totals", alias }, device: config })).answer();
      assert.deepEqual([read.payload, read.topic], [readings, `cemm/${UID}/${alias}/totals`]);
    });
  }

  it("a day: seconds and an io_id in quotes, oldest first, without the last second", async () => {
    const host = await device("p1", "lan/realtime-p1-with-totals");
    const node = { type: "cemm-history", time: "2020-04-21", timeType: "str", format: "rows" };
    const { payload, cemm } = await (await startFlow({ node, device: { host, uid: UID } })).answer();
    assert(Array.isArray(payload) && typeof cemm === "object" && cemm !== null && "ioId" in cemm);
    assert.equal(payload.length, 1440);
    assert.deepEqual(payload[0], { time: 1_587_420_000_000, electric_power: 1000 });
    assert.deepEqual(payload.at(-1), { time: 1_587_506_340_000, electric_power: 1030 });
    assert.equal(cemm.ioId, 88);
  });

  it("the device and its list of meters: the client", async () => {
    const cemm = client(await device("p1", "lan/realtime-p1-with-totals"));
    const { host: _, ...info } = await cemm.info();
    const identity = { name: "CEMM Plus", type: "C1D5E0A2B7F3946E0D12", firmware: "2.26.0.0", core: "1.25" };
    assert.deepEqual(info, { uid: UID, ...identity });
    assert.deepEqual(await cemm.meters(), LISTED);
  });

  it("the device and its list of meters: the discover node", async () => {
    const host = await device("p1", "lan/realtime-p1-with-totals");
    const [ip, port] = host.split(":");
    const mac = UID.replaceAll("-", ":");
    const answer = { ip, mac, version: "1.25", type: "CEMM_plus", init_state: 1, port: Number(port) };
    const cemm = await udpCemm("127.0.0.1", () => [answer]);
    bed.kept(cemm, cemm.close);
    const node = { type: "cemm-discover", broadcast: "127.0.0.1", port: cemm.port, timeout: 0.3, details: true };
    const { payload } = await (await startFlow({ node })).answer();
    const found = { uid: UID, mac, host, model: "CEMM_plus", core: "1.25", initState: 1, source: "lan" };
    assert.deepEqual(payload, [{ ...found, name: "CEMM Plus", firmware: "2.26.0.0", meters: LISTED }]);
  });

  it("has a time for each value, and none where nothing was reported", async () => {
    const cemm = client(await device("mb3", "lan/realtime-mb3"));
    const { t1, t2 } = (await cemm.realtime("mb3")).channels;
    assert.deepEqual([t1?.samples[0]?.time, t2?.samples[0]?.time], [AT, null]);
  });
});
