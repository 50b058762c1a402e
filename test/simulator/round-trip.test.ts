/** The client requests everything in the vendor's documentation from the simulator: each endpoint and alias, by both routes. */
import assert from "node:assert/strict";
import { type Answer, CemmAccount, CemmClient, discover, toMeasurements, toValues } from "../../src/lib/index.js";
import type { Simulator } from "../../src/simulator/simulator.js";
import { closeAll, simulate } from "./support.js";

/** Every documented alias, with an example of `mbX`, and one seen on a device. */
const HOUSES = [
  ["p1", "p1-gas", "s01", "s03", "mb5", "usage"],
  ["emucs", "emucs-gas", "pulse-1", "pulse-3"],
  ["han", "p1-usb", "emucs-usb", "dlms-usb"],
  ["s02"],
  ["pulse-2"],
];
/** What the cloud's endpoints support, as documented. */
const IN_CLOUD = ["p1", "p1-gas", "han", "s01", "s02", "s03"];

/** The minimum number of samples of a channel in each kind of answer. */
const SAMPLES = { realtime: 1, totals: 1, day: 24, month: 30, year: 12 };

interface Ways {
  simulator: Simulator;
  account: CemmAccount;
  lan: CemmClient;
  cloud: CemmClient;
}

async function ways(meters: string[]): Promise<Ways> {
  const simulator = await simulate({ meters, promise: 100, now: Date.now });
  const account = new CemmAccount({ apiKey: simulator.apiKey, baseUrl: simulator.addresses.cloud });
  const lan = new CemmClient({ host: simulator.addresses.lan[0], uid: simulator.uids[0] });
  return { simulator, account, lan, cloud: new CemmClient({ access: "cloud", account }) };
}

const total = ({ channels }: Answer, name: string): number =>
  channels[name]?.samples.reduce((sum, { value }) => sum + (value ?? 0), 0) ?? Number.NaN;

for (const aliases of HOUSES) {
  describe(`the client and the simulator of ${aliases.join(", ")}`, () => {
    let all: Ways;
    before(async () => {
      all = await ways(aliases);
    });
    after(async () => {
      await all.account.close();
      await closeAll();
    });

    it("agree on info, the list of CEMMs, the list of meters and discovery", async () => {
      const { simulator, lan, cloud } = all;
      const [uid = ""] = simulator.uids;
      assert.equal((await lan.info()).uid, uid);
      assert.deepEqual(await all.account.cemms(), [uid]);
      const port = Number(simulator.addresses.udp.split(":")[1]);
      assert.deepEqual(
        (await discover({ broadcast: ["127.0.0.1"], port, timeout: 500, uid })).map((cemm) => cemm.host),
        [simulator.addresses.lan[0]],
      );
      const meters = await lan.meters();
      assert.deepEqual(meters.map(({ alias }) => alias).sort(), aliases.filter((alias) => alias !== "usage").sort());
      assert.deepEqual(
        (await cloud.meters()).map(({ ioId, type }) => [ioId, type]),
        meters.map(({ ioId, type }) => [ioId, type]),
      );
    });

    for (const alias of aliases) {
      it(`over the LAN: ${alias}, live, its readings, its day, month and year`, async () => {
        const { lan } = all;
        await assertAnswers(lan, alias);
        if (alias !== "usage") assert.equal((await lan.meter(alias)).alias, alias);
      });

      const isInCloud = IN_CLOUD.includes(alias);
      it(`through the cloud: ${alias}, ${isInCloud ? "promised at first" : "which its endpoints do not support"}`, async () => {
        const { lan, cloud } = all;
        if (!isInCloud) return assertUnsupported(cloud, alias);
        let promises = 0;
        await cloud.realtime(alias, { onPromise: () => promises++ });
        assert.ok(promises > 0);
        await assertAnswers(cloud, alias);
        assert.equal((await cloud.meter(alias)).ioId, (await lan.meter(alias)).ioId);
      });
    }

    if (aliases.includes("p1")) it("agree on what the smart meter counted, by either route", () => assertAgree(all));
  });
}

async function assertAgree({ lan, cloud }: Ways): Promise<void> {
  const [month, yesterday] = [lan.period("month", "2025-06"), lan.period("day", Date.now(), 1)];
  for (const period of [month, yesterday]) {
    const [one, other] = [await lan.history("p1", period), await cloud.history("p1", period)];
    assert.deepEqual(one.channels, other.channels);
  }
  const before = await cloud.totals("p1", "2025-05-31");
  const after = await cloud.totals("p1", "2025-06-30");
  const counted = (name: string) => (toValues(after)[name] ?? 0) - (toValues(before)[name] ?? 0);
  const days = await lan.history("p1", month);
  assert.equal(total(days, "electric_energy_low").toFixed(3), counted("electric_energy").toFixed(3));
  assert.equal(total(days, "electric_energy_high").toFixed(3), counted("electric_energy_high").toFixed(3));
}

async function assertAnswers(client: CemmClient, alias: string): Promise<void> {
  const periods = (["day", "month", "year"] as const).map((unit) => client.period(unit, "2024-06-15"));
  // All at once, since each may be promised first.
  const [live, readings, ...histories] = await Promise.all([
    client.realtime(alias),
    client.totals(alias),
    ...periods.map((period) => client.history(alias, period)),
  ]);
  assert.ok(Object.values(toValues(live)).some((value) => value !== null));
  assert.ok(Object.values(toMeasurements(readings)).some(({ value, unit }) => value !== null && unit !== null));
  for (const { kind, channels, unusable } of [live, readings, ...histories]) {
    assert.deepEqual(unusable, []);
    for (const { samples } of Object.values(channels)) assert.ok(samples.length >= SAMPLES[kind], kind);
  }
}

async function assertUnsupported(client: CemmClient, alias: string): Promise<void> {
  const questions = [
    () => client.meter(alias),
    () => client.realtime(alias),
    () => client.history(alias, client.period("day")),
    () => client.totals(alias),
  ];
  for (const question of questions) await assert.rejects(question, { code: "CEMM_ALIAS_UNSUPPORTED" });
}
