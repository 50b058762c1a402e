/** The examples that publish to a broker. */
import assert from "node:assert/strict";
import { z } from "zod";
import { meaningOf } from "../../../src/lib/data/channel-table.js";
import { withNodes } from "../added.js";
import { eventually } from "../eventually.js";
import { live } from "../expected.js";
import { bookedSum, checkSensor, isForDashboard, Sensor } from "../home-assistant.js";
import type { Lab } from "../lab.js";
import type { MqttMessage } from "../mosquitto.js";
import type { Proxied } from "../proxy.js";
import type { Flow } from "../workbench.js";
import { numbers } from "./values.js";

const PATIENCE = 30_000;
const AVAILABILITY = "cemm/p1/availability";
const AN_HOUR_AGO = Date.now() - 3_600_000;
const NAME = "14 MQTT with Home Assistant discovery";

const Body = z.object({ data: z.record(z.string(), z.tuple([z.number(), z.number().nullable()])) });
type Data = z.infer<typeof Body>["data"];

export const mqtt = {
  async [NAME](lab: Lab) {
    const { bench, broker, uids } = lab;
    const known = Object.keys(numbers(await live("p1"))).sort();
    // Deployed again to see everything from the start, with a broker that has forgotten what other tests left there.
    await broker.stop();
    await broker.begin();
    const seen = await lab.subscribe("#");
    await bench.deploy(NAME, everySecond);
    const values = () => Promise.all(known.map((channel) => seen.take(2, `cemm/p1/${channel}`, PATIENCE)));
    for (const { payload } of (await values()).flat()) assert.ok(Number.isFinite(Number(payload)), payload);
    const [first] = await seen.take(1, "cemm/p1/", PATIENCE);
    assert.deepEqual([first?.topic, first?.payload], [AVAILABILITY, "online"], "before anything else");
    assert.equal(first?.retain, 0, "not retained: after a crash nothing would withdraw it");
    checkSmartMeter(await seen.take(known.length, "homeassistant/", PATIENCE), uids[0] ?? "");
    seen.clear();
    await values();
    assert.equal(seen.count("homeassistant/"), 0, "announced only when it connects");

    // A late subscriber, like Home Assistant after a restart.
    const late = await lab.subscribe("#");
    const configs = await late.take(known.length, "homeassistant/", PATIENCE);
    checkSmartMeter(configs, uids[0] ?? "");
    await late.says(AVAILABILITY, "online");

    seen.clear();
    await lab.withoutCemms(async () => {
      await seen.says(AVAILABILITY, "offline");
      await bench.complains(/127\.0\.0\.1:8080/);
      seen.clear();
    });
    await seen.says(AVAILABILITY, "online");

    // A restarted broker has kept nothing.
    await broker.stop();
    await broker.begin();
    const afterRestart = await lab.subscribe("#");
    assert.deepEqual(kept(await afterRestart.take(known.length, "homeassistant/", PATIENCE)), kept(configs));
    await afterRestart.says(AVAILABILITY, "online");

    await checkOtherMeters(lab);
    await checkBookings(lab);
  },

  async "15 Grid meter for evcc"(lab: Lab) {
    const { bench } = lab;
    // Its live values would mix with the following ones.
    await bench.clear();
    const grid = await lab.subscribe("cemm/grid/#");
    const published = async (what: string) => (await grid.take(1, `cemm/grid/${what}`, PATIENCE))[0]?.payload ?? "";
    // evcc's sign: import is positive, export is negative.
    for (const watts of [700, -2500]) {
      await lab.withProxy(changed(withPower(watts)), async () => {
        const { t1 = 0, t2 = 0, t3 = 0, t4 = 0 } = numbers(await live("p1"));
        grid.clear();
        await bench.deploy("15 Grid meter for evcc");
        assert.equal(await published("power"), `${watts}`);
        for (const [what, before] of [
          ["energy", t1 + t2],
          ["returnenergy", t3 + t4],
        ] as const) {
          const kWh = await published(what);
          assert.match(kWh, /^\d+(\.\d{1,3})?$/);
          const since = Number(kWh) - before;
          assert.ok(since > -0.001 && since < 0.1, `${what}: ${kWh} kWh for ${before}`);
        }
        await bench.finish();
      });
    }

    // A meter that stopped reporting, behind a CEMM that answers.
    await lab.withProxy(changed(anHourOld), async () => {
      grid.clear();
      await bench.deploy("15 Grid meter for evcc", everySecond);
      await bench.statuses("cemm-realtime", "green", 2);
      assert.equal(grid.count("cemm/grid/"), 0);
      await bench.finish();
    });
  },
};

const sensorsOf = (configs: readonly MqttMessage[]): Sensor[] =>
  configs.map(({ topic, payload }) => {
    const sensor = Sensor.parse(JSON.parse(payload));
    assert.equal(topic, `homeassistant/sensor/${sensor.unique_id}/config`);
    checkSensor(sensor);
    return sensor;
  });

function checkSmartMeter(configs: readonly MqttMessage[], uid: string): void {
  const meter = `cemm_${uid.toLowerCase().replaceAll("-", "_")}_p1`;
  const sensors = sensorsOf(configs).map((sensor) => [sensor.unique_id, sensor]);
  const sensor = (channel: string, classes: object) => [
    `${meter}_realtime_${channel}`,
    {
      name: meaningOf(channel, "realtime").name,
      unique_id: `${meter}_realtime_${channel}`,
      state_topic: `cemm/p1/${channel}`,
      availability_topic: AVAILABILITY,
      expire_after: 60,
      device: { identifiers: [meter], name: "My CEMM p1", model: "CEMM" },
      ...classes,
    },
  ];
  const energy = { unit_of_measurement: "kWh", device_class: "energy", state_class: "total_increasing" };
  const expected = [
    sensor("electric_power", { unit_of_measurement: "W", device_class: "power", state_class: "measurement" }),
    sensor("gas", { unit_of_measurement: "m³", device_class: "gas", state_class: "total_increasing" }),
    sensor("rate", {}),
    ...["t1", "t2", "t3", "t4"].map((channel) => sensor(channel, energy)),
  ];
  assert.deepEqual(Object.fromEntries(sensors), Object.fromEntries(expected));
}

/** Water, solar, readings beside live values, and a CEMM without a name that is polled every two minutes. */
async function checkOtherMeters(lab: Lab): Promise<void> {
  const { bench } = lab;
  await bench.clear();
  const seen = await lab.subscribe("homeassistant/#", ["-R"]);
  const sensors = async (count: number, changed: (flow: Flow) => Flow) => {
    seen.clear();
    await bench.deploy(NAME, changed);
    const configs = await seen.take(count, "homeassistant/", PATIENCE);
    const all = sensorsOf(configs);
    await bench.finish();
    return all;
  };
  const rarely = { alias: "pulse-3", topic: "cemm/water", repeat: 120 };
  const [flow] = await sensors(1, (flow) => polling(unnamed(flow), rarely));
  assert.deepEqual([flow?.device_class, flow?.expire_after], ["volume_flow_rate", 480]);
  assert.equal(flow?.device.name, "CEMM pulse-3");

  // The counter is announced a second time once it is known what the meter counts.
  const solar = await sensors(3, (flow) => polling(flow, { alias: "mb3", repeat: 1 }));
  const counter = solar.findLast(({ unique_id }) => unique_id.endsWith("_t1"));
  assert.ok(counter && isForDashboard(counter, "solar"));
  assert.deepEqual([counter.name, counter.device.name], ["Solar", "My CEMM mb3"]);

  // Live values of one meter with readings of another, then of the same meter.
  const both = await sensors(8, (flow) => withReadings(flow, "pulse-3"));
  const water = both.find(({ unique_id }) => unique_id.endsWith("_pulse_3_totals_volume"));
  assert.ok(water && isForDashboard(water, "water"));
  assert.equal(new Set(both.map(({ unique_id }) => unique_id)).size, 8);
  const twice = await sensors(12, (flow) => withReadings(flow, "p1"));
  assert.equal(twice.filter(({ unique_id }) => /_realtime_/.test(unique_id)).length, 7);
}

/** What Home Assistant adds up from a counter that reports a zero and a jump, on a meter without export. */
async function checkBookings(lab: Lab): Promise<void> {
  const { bench } = lab;
  const readings = [1000, 1000, 1000, 1000.01, 0, 1000.02, 101_000, 101_000.01, 1000.03, 1000.04, 1000.05];
  // Each lasts longer than a polling interval.
  const began = Date.now();
  const reading = () => readings[Math.floor((Date.now() - began) / 1500)] ?? 1000.05;
  const next = (data: Data): Data => {
    const { t3: _t3, t4: _t4, ...rest } = data;
    // Some CEMMs have net import among their live values, which is not for the energy dashboard.
    return { ...rest, t1: [Date.now(), reading()], electric_energy: [Date.now(), 5] };
  };
  await lab.withProxy(changed(next), async () => {
    const seen = await lab.subscribe("#", ["-R"]);
    await bench.deploy(NAME, everySecond);
    await eventually(async () => {
      const counted = seen.all("cemm/p1/t1").map(({ payload }) => Number(payload));
      assert.equal(counted.at(-1), 1000.05);
      const [first = 0] = counted;
      assert.ok(first > 0 && Math.abs(bookedSum(counted) - (1000.05 - first)) < 1e-6, `${counted}`);
    }, PATIENCE);
    const announced = seen.all("homeassistant/").map(({ topic }) => topic);
    assert.deepEqual(
      announced.filter((topic) => /_(t3|t4|electric_energy)\//.test(topic)),
      [],
    );
    await bench.clear();
  });
}

/** The CEMM's live values, with some changed. */
function changed(change: (data: Data) => Data): Proxied {
  return async ({ pathname }, pass) => {
    const answer = await pass();
    if (!/\/p1\/realtime\/?$/.test(pathname)) return answer;
    const { data, ...rest } = Body.loose().parse(await answer.json());
    return Response.json({ ...rest, data: change(data) });
  };
}

const withPower =
  (watts: number) =>
  (data: Data): Data => ({ ...data, electric_power: [Date.now(), watts] });

/** Its timestamps do not advance. */
const anHourOld = (data: Data): Data =>
  Object.fromEntries(Object.entries(data).map(([name, [, value]]) => [name, [AN_HOUR_AGO, value]]));

const polling = (flow: Flow, changes: object): Flow =>
  flow.map((node) => ({ ...node, ...(node.type === "cemm-realtime" && changes) }));

const unnamed = (flow: Flow): Flow =>
  flow.map((node) => ({ ...node, ...(node.type === "cemm-device" && { name: "" }) }));

const everySecond = (flow: Flow): Flow => polling(flow, { repeat: 1 });

/** Adds a readings node beside the live one. */
function withReadings(flow: Flow, alias: string): Flow {
  const { device, wires } = flow.find(({ type }) => type === "cemm-realtime") ?? assert.fail("no live node");
  const shared = { device, alias, aliasType: "str", targetType: "str", timeType: "now", format: "values" };
  const totals = {
    id: "totals",
    type: "cemm-totals",
    ...shared,
    split: true,
    topic: "cemm/p1/readings",
    wires: wires?.slice(0, 1),
  };
  const ask = { id: "ask", type: "inject", name: "ask", props: [], once: true, onceDelay: 0.5, wires: [["totals"]] };
  return withNodes(everySecond(flow), totals, ask);
}

const kept = (messages: MqttMessage[]) => messages.map(({ topic, payload }) => `${topic} ${payload}`).sort();
