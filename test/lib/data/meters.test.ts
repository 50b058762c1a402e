import assert from "node:assert/strict";
import { CHANNELS, KINDS, staleAfter } from "../../../src/lib/data/channel-table.js";
import { channelsOf, familyOf, meterName, nearestFirst, roleOf, USUAL_METERS } from "../../../src/lib/data/meters.js";
import { metersOf } from "../../../src/simulator/meters.js";

describe("the kind of a meter", () => {
  const meters: [alias: string | null, type: string | null, role: string, name: string | undefined][] = [
    ["p1", "p1", "grid", "p1"],
    ["p1-usb", null, "grid", "p1"],
    ["emucs-usb", "emucs", "grid", "emucs"],
    ["han", null, "grid", "han"],
    ["dlms-usb", "dlms", "grid", "dlms"],
    ["emucs-gas", null, "gas", "gas"],
    ["pulse-3", "water", "water", "water"],
    ["pulse-1", "gas", "gas", "gas"],
    ["pulse-1", null, "unknown", "pulse"],
    ["s01", "solar_energy", "solar", "solar_energy"],
    ["s01", null, "unknown", "electricity"],
    ["mb3", "solar_energy", "solar", "solar_energy"],
    ["mb12", "heat_pump", "sub-meter", "modbus"],
    ["usage", null, "consumption", "usage"],
    [null, "p1", "grid", "p1"],
    [null, "temperature", "unknown", undefined],
    ["x1", "constructor", "unknown", undefined],
  ];
  for (const [alias, type, role, name] of meters) {
    it(`${alias ?? "without alias"}, ${type ? `type ${type}` : "type not known"}: ${role}, ${name ?? "without a name"}`, () => {
      assert.deepEqual([roleOf({ alias, type }), meterName({ alias, type })], [role, name]);
    });
  }

  it("has known channels only, for each usual meter and kind of answer", () => {
    for (const { alias } of USUAL_METERS) {
      for (const kind of KINDS) {
        const channels = channelsOf(alias, kind);
        assert.ok(channels.length > 0, `${alias} ${kind}`);
        const unknown = channels.filter((channel) => !CHANNELS.get(channel)?.some(({ kinds }) => kinds.includes(kind)));
        assert.deepEqual(unknown, [], `${alias} ${kind}`);
      }
    }
  });

  it("matches what the simulator's meters measure", () => {
    for (const { alias, kind } of metersOf(USUAL_METERS.map(({ alias }) => alias))) {
      const has = (of: Parameters<typeof channelsOf>[1], channels: string[]) => {
        const unknown = channels.filter((channel) => !channelsOf(alias, of).includes(channel));
        assert.deepEqual(unknown, [], `${alias} ${of}`);
      };
      has("realtime", Object.keys(kind.live));
      has("totals", Object.keys(kind.totals));
      has("day", [kind.day.channel]);
      has("month", Object.keys(kind.sums));
    }
  });

  for (const [meant, expected] of [
    ["p11", "p1"],
    ["gas", "p1-gas"],
    ["emucs-gas", "p1-gas"],
    ["mb1", "mb3"],
    ["emucs", "p1"],
    ["pulse-2", "pulse-3"],
  ] as const) {
    it(`suggests ${expected} first if there is no ${meant}`, () => {
      const aliases = ["mb3", "p1", "p1-gas", "pulse-3", "s01"];
      const nearest = nearestFirst(meant, aliases);
      assert.equal(nearest[0], expected);
      assert.deepEqual([...nearest].sort(), aliases);
    });
  }

  it("limits how long a meter may be silent, except a pulse meter", () => {
    assert.equal(staleAfter("electric_power"), 300_000);
    assert.equal(staleAfter("gas"), 130 * 60_000);
    assert.equal(staleAfter("temperature"), undefined);
    const pulsed = ["p1", "emucs-gas", "s01", "pulse-2"].filter((alias) => familyOf(alias)?.isPulsed);
    assert.deepEqual(pulsed, ["s01", "pulse-2"]);
  });
});
