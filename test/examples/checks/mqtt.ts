/** The examples that publish to a broker. */
import assert from "node:assert/strict";
import { z } from "zod";
import { meaningOf } from "../../../src/lib/data/channel-table.js";
import type { Doorkeeper } from "../door.js";
import type { Lab } from "../lab.js";
import type { MqttMessage } from "../mosquitto.js";
import { live } from "../truth.js";
import type { Flow } from "../workbench.js";
import { numbers } from "./values.js";

const PATIENCE = 30_000;
const AVAILABILITY = "cemm/p1/availability";

const Sensor = z.looseObject({
  unique_id: z.string(),
  availability_topic: z.literal(AVAILABILITY),
  expire_after: z.literal(60),
  device: z.strictObject({ identifiers: z.tuple([z.string()]), name: z.literal("My CEMM p1"), model: z.string() }),
});

const Body = z.object({ data: z.record(z.string(), z.tuple([z.number(), z.number().nullable()])) });
type Data = z.infer<typeof Body>["data"];

export const mqtt = {
  async "14 MQTT with Home Assistant discovery"(lab: Lab) {
    const { bench, broker, uids } = lab;
    const known = Object.keys(numbers(await live("p1"))).sort();
    // Without what the broker kept; deployed again, so that it sees all from the start.
    const seen = await lab.subscribe("#", ["-R"]);
    await bench.deploy("14 MQTT with Home Assistant discovery", everySecond);
    const values = () => Promise.all(known.map((channel) => seen.take(2, `cemm/p1/${channel}`, PATIENCE)));
    const says = async (payload: string, subscriber = seen) => {
      const [said] = await subscriber.take(1, AVAILABILITY, PATIENCE);
      assert.equal(said?.payload, payload);
      return said;
    };
    await says("online");
    for (const { payload } of (await values()).flat()) assert.ok(Number.isFinite(Number(payload)), payload);
    assert.ok(seen.count("homeassistant/") >= known.length);
    seen.forget();
    await values();
    assert.equal(seen.count("homeassistant/"), 0, "told when it connects, not each time");

    // Who comes later, as Home Assistant after a restart, is told all the same.
    const late = await lab.subscribe("#");
    const configs = await late.take(known.length, "homeassistant/", PATIENCE);
    checkSensors(configs, uids[0] ?? "");
    assert.equal((await says("online", late))?.retain, 1);

    seen.forget();
    await lab.withoutCemms(async () => {
      await says("offline");
      await bench.complains(/127\.0\.0\.1:8080/);
      seen.forget();
    });
    await says("online");

    // Who has a new broker, which kept nothing, is told again.
    await broker.pause();
    await broker.resume();
    const anew = await lab.subscribe("#");
    assert.deepEqual(kept(await anew.take(known.length, "homeassistant/", PATIENCE)), kept(configs));
    await says("online", anew);

    // Some CEMMs tell live what was used less what was fed in, which is not for the energy dashboard.
    await lab.withDoor(changed(withBalance), async () => {
      anew.forget();
      await bench.deploy("14 MQTT with Home Assistant discovery", everySecond);
      await anew.take(2, "cemm/p1/electric_energy", PATIENCE);
      await anew.take(known.length, "homeassistant/", PATIENCE);
      assert.equal(anew.count(`homeassistant/sensor/${meterOf(uids[0])}_electric_energy`), 0);
      await bench.finish();
    });
  },

  async "15 Grid meter for evcc"(lab: Lab) {
    const { bench } = lab;
    // What it tells of the house as it is would come into what follows.
    await bench.clear();
    const grid = await lab.subscribe("cemm/grid/#");
    const told = async (what: string) => (await grid.take(1, `cemm/grid/${what}`, PATIENCE))[0]?.payload ?? "";
    // As evcc has it: from the grid is above zero, into the grid below.
    for (const watts of [700, -2500]) {
      await lab.withDoor(changed(withPower(watts)), async () => {
        const { t1 = 0, t2 = 0, t3 = 0, t4 = 0 } = numbers(await live("p1"));
        grid.forget();
        await bench.deploy("15 Grid meter for evcc");
        assert.equal(await told("power"), `${watts}`);
        for (const [what, before] of [
          ["energy", t1 + t2],
          ["returnenergy", t3 + t4],
        ] as const) {
          const kWh = await told(what);
          assert.match(kWh, /^\d+(\.\d{1,3})?$/);
          const since = Number(kWh) - before;
          assert.ok(since > -0.001 && since < 0.1, `${what}: ${kWh} kWh for ${before}`);
        }
        await bench.finish();
      });
    }

    // A meter that fell silent behind a CEMM that answers.
    await lab.withDoor(changed(anHourOld), async () => {
      grid.forget();
      await bench.deploy("15 Grid meter for evcc", everySecond);
      await bench.statuses("cemm-realtime", "green", 2);
      assert.equal(grid.count("cemm/grid/"), 0);
      await bench.finish();
    });
  },
};

function checkSensors(configs: MqttMessage[], uid: string): void {
  const meter = meterOf(uid);
  const sensors = configs.map(({ topic, payload }) => {
    const { unique_id, availability_topic, expire_after, device, ...sensor } = Sensor.parse(JSON.parse(payload));
    assert.equal(topic, `homeassistant/sensor/${unique_id}/config`);
    assert.deepEqual(device.identifiers, [meter]);
    return [unique_id, sensor];
  });
  const sensor = (channel: string, classes: object) => [
    `${meter}_${channel}`,
    { name: meaningOf(channel, "realtime").name, state_topic: `cemm/p1/${channel}`, ...classes },
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

/** The CEMM's live values, with some changed. */
function changed(change: (data: Data) => Data): Doorkeeper {
  return async ({ pathname }, pass) => {
    const answer = await pass();
    if (!/\/p1\/realtime\/?$/.test(pathname)) return answer;
    const { data, ...rest } = Body.loose().parse(await answer.json());
    return Response.json({ ...rest, data: change(data) });
  };
}

const meterOf = (uid = "") => `cemm_${uid.toLowerCase().replaceAll("-", "_")}_p1`;

const withBalance = (data: Data): Data => ({ ...data, electric_energy: data.t1 ?? assert.fail("no t1") });

const withPower =
  (watts: number) =>
  (data: Data): Data => ({ ...data, electric_power: [Date.now(), watts] });

const anHourOld = (data: Data): Data =>
  Object.fromEntries(
    Object.entries(data).map(([name, [time, value]]) => [name, [Math.max(0, time - 3_600_000), value]]),
  );

const everySecond = (flow: Flow): Flow =>
  flow.map((node) => ({ ...node, ...(node.type === "cemm-realtime" && { repeat: 1 }) }));

const kept = (messages: MqttMessage[]) => messages.map(({ topic, payload }) => `${topic} ${payload}`).sort();
