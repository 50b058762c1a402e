/**
 * The examples that switch or warn. Tests that need whole days feed values with their timestamps, thousands of
 * times faster than real time.
 */
import assert from "node:assert/strict";
import { z } from "zod";
import { button, onlyPressed, withNodes } from "./added.js";
import { AnsweringButton } from "./answering-button.js";
import { clockLab, withProperties } from "./clock-lab.js";
import { dateOf, hourOf, minutesOf } from "./expected.js";
import { dayWith, type Moment, switchings } from "./loads.js";
import { replay, withReplay } from "./replay.js";
import type { Flow } from "./workbench.js";

const MINUTE = 60_000;
const QUARTER = 15 * MINUTE;
const DAY = 96 * QUARTER;

describe("automation examples", () => {
  const lab = clockLab();

  for (const [name, nodes] of Object.entries({
    "08 Use the sun": ["cemm-realtime", "cemm-trigger"],
    "09 Stay under the peak": ["cemm-realtime", "cemm-trigger", "cemm-trigger"],
    "11 Washing done": ["cemm-realtime", "cemm-trigger"],
  })) {
    it(`${name} works as imported`, async () => {
      await lab.deploy(name);
      for (const type of new Set(nodes)) {
        const fill = type === "cemm-trigger" ? "grey" : "green";
        const count = nodes.filter((each) => each === type).length;
        for (const text of await lab.bench.statuses(type, fill, count)) assert.match(text, /-?\d+ W/);
      }
      assert.deepEqual(lab.bench.complaints(), []);
    });
  }

  describe("08 Use the sun", () => {
    const NAME = "08 Use the sun";

    for (const { date, minSun } of [
      { date: "2026-06-16", minSun: 0.75 },
      { date: "2026-05-11", minSun: 0.3 },
    ]) {
      it(`runs on solar power and switches rarely on ${date}`, async () => {
        await lab.deploy(NAME, withReplay);
        const moments = await dayWith({ boiler: () => 2000 }, { lab, date });
        const switched = switchings(moments, "boiler");
        assert.ok(switched.length >= 2 && switched.length <= 6, JSON.stringify(switched));
        const onSun = sum(moments, ({ house, load }) => Math.min(load, Math.max(0, -house)));
        const share = onSun / sum(moments, ({ load }) => load);
        assert.ok(share >= minSun, `${share} of its energy from the sun`);
        const inTheDark = moments.filter(({ time, load }) => load > 0 && (hourOf(time) < 6 || hourOf(time) >= 22));
        assert.deepEqual(inTheDark, []);
        assert.deepEqual(lab.bench.complaints(), []);
      });
    }

    it("switches off when the CEMM is lost", async () => {
      const noon = await sunniestNoon();
      const began = Date.now();
      // Each second counts as ten minutes.
      lab.setClock(() => noon + (Date.now() - began) * 600);
      await lab.deploy(NAME, (flow) =>
        withProperties(flow, { "cemm-realtime": { repeat: 1 }, "cemm-trigger": { lostAfter: 3 } }),
      );
      assert.deepEqual(await lab.bench.take("boiler", z.boolean(), 2), [false, true]);
      // Longer than the minimum time on.
      lab.bench.nodeRed.statuses.clear();
      await lab.bench.statuses("cemm-realtime", "green", 6);
      assert.equal(lab.bench.sofar("boiler", z.boolean()).length, 2);
      await lab.withoutCemms(async () => {
        assert.deepEqual(await lab.bench.take("boiler", z.boolean(), 3), [false, true, false]);
      });
    });

    /** Noon of a sunny day next summer: values from the past would be stale. */
    async function sunniestNoon(): Promise<number> {
      const june = `${new Date().getFullYear() + 1}-06`;
      lab.stopClockAt(Date.parse(`${june}-20T00:00Z`));
      const dates = Array.from({ length: 9 }, (_, n) => `${june}-1${n}`);
      const days = await Promise.all(dates.map(async (date) => (await minutesOf("p1", date)).slice(11 * 60, 14 * 60)));
      const [best = []] = days.sort((a, b) => sum(a, ({ power }) => power) - sum(b, ({ power }) => power));
      return best[0]?.time ?? assert.fail("no day");
    }
  });

  describe("09 Stay under the peak", () => {
    const NAME = "09 Stay under the peak";
    const LIMIT = 2500;
    const loads = {
      car: (hour: number) => (hour >= 17 || hour < 6 ? 2000 : 0),
      boiler: (hour: number) => ([6, 7, 18, 19].includes(hour) ? 2000 : 0),
    };
    const days: Moment[][] = [];

    before("two winter days", async () => {
      for (const date of ["2026-01-13", "2026-01-14"]) {
        await lab.deploy(NAME, withReplay);
        days.push(await dayWith(loads, { lab, date }));
        assert.deepEqual(lab.bench.complaints(), []);
      }
    });

    it("keeps quarter-hours below the limit", () => {
      const moments = days.flat();
      const means = (watts: (moment: Moment) => number) => quarterMeans(moments, watts);
      const wanted = ({ time }: Moment) => loads.car(hourOf(time)) + loads.boiler(hourOf(time));
      const house = means((moment) => moment.house);
      // The base load of the house cannot be switched off.
      const atRisk = means((moment) => moment.house + wanted(moment)).map(
        (mean, n) => mean > LIMIT && (house[n] ?? 0) < LIMIT,
      );
      const exceeded = means((moment) => moment.house + moment.load).filter((mean, n) => atRisk[n] && mean > LIMIT);
      const count = atRisk.filter(Boolean).length;
      assert.ok(count >= 20, `${count} quarters`);
      assert.ok(exceeded.length <= 0.05 * count, `${exceeded.length} of ${count}: ${exceeded}`);
    });

    it("switches the car off first and the boiler back on first", () => {
      for (const moments of days) {
        const boilerSwitchings = switchings(moments, "boiler");
        assert.ok(boilerSwitchings.some(({ isOn }) => isOn) && boilerSwitchings.some(({ isOn }) => !isOn));
        assert.ok(switchings(moments, "car").some(({ isOn }) => isOn));
        assert.deepEqual(
          moments.filter(({ states }) => states.boiler === false && states.car === true),
          [],
        );
      }
    });

    it("switches each load only a few times a day", () => {
      for (const moments of days) {
        assert.ok(switchings(moments, "car").length <= 24);
        assert.ok(switchings(moments, "boiler").length <= 12);
      }
    });
  });

  describe("10 Something runs at night", () => {
    const NAME = "10 Something runs at night";
    const warning = (what: string) => `${what} has flowed for more than an hour tonight.`;
    const GAS = warning("Gas");
    const atNight = new AnsweringButton(lab, "at night", "flows for an hour");
    /** Every quarter-hour from 01:00 to 06:00. */
    const night = (date: string, zone: string) => {
      const one = Date.parse(`${date}T01:00${zone}`);
      return Array.from({ length: 20 }, (_, n) => one + n * QUARTER);
    };
    const WINTER = night("2025-01-15", "+01:00");
    const SUMMER = night("2025-07-15", "+02:00");
    const NEXT_WINTER = night("2026-01-15", "+01:00");
    /** Presses the button at each of these times, and waits until all messages are shown. */
    const askAt = async (times: readonly number[]) => {
      for (const time of times) {
        lab.stopClockAt(time);
        await atNight.press(time);
      }
      await atNight.allShown();
    };

    for (const { meter, host, known } of [
      { meter: "a meter that reports gas once an hour", host: "127.0.0.1:8080", known: 9 },
      { meter: "a meter that reports gas every five minutes", host: "127.0.0.1:8081", known: 6 },
    ]) {
      it(`warns about gas on winter nights, and not in summer: ${meter}`, async () => {
        await lab.deploy(NAME, (flow) =>
          atNight.added(withProperties(onlyPressed(flow), { "cemm-device": { host }, "cemm-history": { d: false } })),
        );
        // Until 02:00 it cannot be more than an hour yet. The first press is of the button itself.
        const [one = 0] = WINTER;
        lab.stopClockAt(one);
        await lab.bench.press("at night", { time: one });
        await lab.bench.statuses("cemm-history", "green", 2);
        await askAt(WINTER.slice(1, 5));
        assert.deepEqual(lab.bench.sofar("alert", z.string()), []);
        await askAt(WINTER.slice(5, known));
        await lab.bench.take("alert", z.string(), 1);
        await askAt(WINTER.slice(known));
        await askAt(SUMMER);
        assert.deepEqual(lab.bench.sofar("alert", z.string()), [GAS]);
        await askAt(NEXT_WINTER);
        assert.deepEqual(lab.bench.sofar("alert", z.string()), [GAS, GAS]);
        assert.deepEqual(lab.bench.complaints(), []);
      });
    }

    it("warns once about a running tap, and not about a cistern that fills now and then", async () => {
      await lab.deploy(NAME, withButton);
      const nights: Record<string, (minute: number) => number> = {
        "A cistern": (minute) => (minute % 50 < 45 ? 6 : 0),
        "A tap": () => 0.5,
        Nothing: () => 0,
        "A cistern again": (minute) => (minute % 50 < 45 ? 6 : 0),
        "A tap again": () => 0.5,
        "Nothing again": () => 0,
        // Water before 01:00 does not count.
        "An evening's bath": (minute) => (minute < 115 ? 6 : 0),
        "A last tap": () => 0.5,
      };
      for (const [n, [topic, flowAt]] of Object.entries(nights).entries()) {
        for (const time of SUMMER) await lab.bench.press("water", { ...recorded(time + n * DAY, flowAt), topic });
      }
      const expected = ["A tap", "A tap again", "A last tap"].map(warning);
      assert.deepEqual(await lab.bench.take("alert", z.string(), expected.length), expected);
      assert.deepEqual(lab.bench.complaints(), []);
    });

    /** What a history node sends at this time: the day so far, minute by minute. */
    function recorded(time: number, flowAt: (minute: number) => number): Record<string, unknown> {
      const start = Date.parse(`${dateOf(time)}T00:00+02:00`);
      const payload = Array.from({ length: (time - start) / MINUTE }, (_, minute) => ({
        time: start + minute * MINUTE,
        channel: "flow",
        value: flowAt(minute),
        unit: "L/min",
      }));
      return { payload, cemm: { uid: lab.uid, alias: "pulse-3", kind: "day", period: { start } } };
    }

    /** Adds a button that sends what a history node would. */
    const withButton = (flow: Flow) => withNodes(onlyPressed(flow), button("water", "night-new"));
  });

  describe("11 Washing done", () => {
    const NAME = "11 Washing done";
    const DONE = "The washing is done.";
    const NOON = Date.UTC(2026, 5, 1, 12);
    let time = NOON;

    /** One sample every ten seconds. */
    const power = async (watts: number, minutes: number) => {
      const samples = minutes * 6;
      const series = Array.from({ length: samples }, (_, n) => ({ time: time + n * 10_000, value: watts }));
      time += samples * 10_000;
      const cemm = { uid: lab.uid, alias: "s01", time };
      await replay(lab.bench, { payload: { electric_power: series }, cemm });
    };
    const wash = async () => {
      await power(2000, 20);
      await power(150, 40);
      // Soaking.
      await power(3, 4);
      await power(400, 10);
    };

    it("reports once that a wash is done, and nothing if the machine did not run", async () => {
      await lab.deploy(NAME, withReplay);
      await power(1, 60);
      await wash();
      await power(1, 4);
      const early = lab.bench.sofar("washing done", z.string());
      await power(1, 60);
      assert.deepEqual(await lab.bench.take("washing done", z.string(), 1), [DONE]);
      await wash();
      await power(1, 60);
      assert.deepEqual(await lab.bench.take("washing done", z.string(), 2), [DONE, DONE]);
      assert.deepEqual(early, []);
      // A short peak is not a wash.
      await power(30, 0.5);
      await power(1, 60);
      assert.deepEqual(lab.bench.sofar("washing done", z.string()), [DONE, DONE]);
      assert.deepEqual(lab.bench.complaints(), []);
    });

    it("accepts the watts of a smart plug", async () => {
      await lab.deploy(NAME, (flow) =>
        withProperties(withReplay(flow), { "cemm-trigger": { onDelay: 0, offDelay: 0 } }),
      );
      for (const watts of [1, 2000, 1]) await replay(lab.bench, { payload: watts });
      assert.deepEqual(await lab.bench.take("washing done", z.string(), 1), [DONE]);
    });
  });
});

/** The average of each quarter-hour, with export counted as 0. */
function quarterMeans(moments: readonly Moment[], watts: (moment: Moment) => number): number[] {
  const sums = new Map<number, { sum: number; count: number }>();
  for (const moment of moments) {
    const start = moment.time - (moment.time % QUARTER);
    const { sum, count } = sums.get(start) ?? { sum: 0, count: 0 };
    sums.set(start, { sum: sum + Math.max(0, watts(moment)), count: count + 1 });
  }
  return [...sums.values()].map(({ sum, count }) => sum / count);
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
