import assert from "node:assert/strict";
import { z } from "zod";
import { CemmClient, replay, timesOn, triggerRule } from "../../../src/lib/internal.js";
import { variable } from "../../support/flow.js";
import { testbed } from "../../support/server.js";
import { type AdminLab, LIMIT_VARIABLE } from "./admin-lab.js";

const Day = z.object({
  start: z.number(),
  end: z.number(),
  timezone: z.string(),
  channels: z.array(z.string()),
  samples: z.array(z.tuple([z.number(), z.number().nullable()])),
  on: z.array(z.object({ from: z.number(), to: z.number() })),
  switchings: z.number(),
});
type Day = z.infer<typeof Day>;

const RULE = { measure: "value", direction: "above", on: "500", off: "300", onDelay: 120, minOn: 600 };

export function triggerDay(lab: AdminLab): void {
  describe("the preview with yesterday, for a trigger", () => {
    const bed = testbed();
    const meterOf = (device: object, more: object = {}) => ({ alias: "p1", device, ...more });
    const dayOf = async (device: object, values: object = {}): Promise<Day> => {
      const { status, body, text } = await lab.ask("trigger/day", { ...RULE, meter: meterOf(device), ...values });
      assert.equal(status, 200, text);
      return Day.parse(body);
    };

    it("shows what the CEMM recorded, and when the trigger would have been on", async () => {
      const day = await dayOf(lab.lan());
      const client = new CemmClient({ host: lab.simulator.addresses.lan[0] });
      const period = client.period("day", day.start);
      const { channels } = await client.history("p1", period);
      client.close();
      const samples = channels.electric_power?.samples ?? assert.fail();
      assert.deepEqual([day.start, day.end, day.timezone], [period.start, period.end, period.timezone]);
      assert(day.end <= Date.now() && Date.now() < day.end + 25 * 3_600_000);
      assert(samples.length > 1300);
      assert.deepEqual(
        day.samples,
        samples.map(({ time, value }) => [time, value]),
      );
      const verdicts = replay(triggerRule(RULE), { on: 500, off: 300 }, samples, period.end);
      assert(day.on.length > 0);
      assert.deepEqual(day.on, timesOn(verdicts, period.end));
      assert.equal(day.switchings, verdicts.length - 1);
    });

    it("counts being on at the start as one switch, and has no gaps even if values count as lost after seconds", async () => {
      const always = { on: -1e6, off: -1e6, onDelay: 0, lostAfter: 10 };
      const { on, switchings, samples, end } = await dayOf(lab.lan(), always);
      assert.deepEqual([on, switchings], [[{ from: samples[0]?.[0], to: end }], 1]);
    });

    it("comes through the cloud, also if the LAN does not answer, and from another CEMM", async () => {
      const direct = await dayOf(lab.cloud());
      const [first, second] = lab.simulator.uids;
      const dead = { ...lab.lan(), access: "auto", host: "127.0.0.1:9", account: lab.account(), uid: second };
      assert.deepEqual(await dayOf(dead), direct);
      const other = meterOf(lab.cloud({ uid: first }), { target: second });
      assert.deepEqual(await dayOf({}, { meter: other }), direct);
    });

    it("lists the recorded channels if the chosen one is not recorded", async () => {
      const { channels, samples, on } = await dayOf(lab.lan(), { channel: "flow" });
      assert.deepEqual([channels, samples, on], [["electric_power"], [], []]);
    });

    it("requests the day only once while the fields of the rule change", async () => {
      const counting = await bed.serve(async (response) => {
        const answer = await fetch(`http://${lab.simulator.addresses.lan[0]}${response.req.url}`);
        response.writeHead(answer.status, { "content-type": "application/json" }).end(await answer.text());
      });
      const days = () => counting.questions.filter(({ url }) => url.pathname.includes("/day")).length;
      const device = lab.lan({ host: counting.host });
      for (const on of [500, 600, 700]) await dayOf(device, { on });
      assert.equal(days(), 1);
      await dayOf({}, { meter: meterOf(device, { alias: "s01" }) });
      assert.equal(days(), 2);
    });

    for (const [what, code, values] of [
      ["a missing threshold", "CEMM_INPUT", () => ({ on: "" })],
      ["thresholds that overlap", "CEMM_INPUT", () => ({ off: "600" })],
      ["an invalid time", "CEMM_INPUT", () => ({ onDelay: "soon" })],
      ["an invalid alias", "CEMM_INPUT", () => ({ meter: meterOf(lab.lan(), { alias: "P 1" }) })],
      ["an invalid address", "CEMM_CONFIG", () => ({ meter: meterOf(lab.lan({ host: "http://a b" })) })],
      [
        "a meter that does not exist",
        "CEMM_ALIAS_UNSUPPORTED",
        () => ({ meter: meterOf(lab.lan(), { alias: "mb9" }) }),
      ],
    ] as const) {
      it(`is refused for ${what}`, async () => {
        const question = { ...RULE, meter: meterOf(lab.lan()), ...values() };
        assert.equal(await lab.refusal("trigger/day", question), `422 ${code}`);
      });
    }

    it("resolves the variables that the trigger will see: those of its group, its tab, its subflow", async () => {
      const on = variable(LIMIT_VARIABLE);
      const timesOf = async (values: object) => (await dayOf(lab.lan(), { off: "-600", onDelay: 0, ...values })).on;
      const [tab, group, subflow] = [
        await timesOf({ on: -500 }),
        await timesOf({ on: 500 }),
        await timesOf({ on: 3000 }),
      ];
      for (const [place, expected] of [
        [{ id: "of-tab", z: "tab" }, tab],
        [{ id: "new", z: "tab" }, tab],
        [{ id: "of-group", z: "tab", g: "group" }, group],
        [{ id: "new", z: "tab", g: "group" }, group],
        [{ id: "new", z: "template" }, subflow],
      ] as const)
        assert.deepEqual(await timesOf({ ...place, on }), expected, JSON.stringify(place));
      assert.equal(new Set([tab, group, subflow].map((times) => JSON.stringify(times))).size, 3);
    });
  });
}
