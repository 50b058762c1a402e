/** What the page shows for all kinds of houses, at special times of the year: each figure is calculated again from the simulator's model. */
import assert from "node:assert/strict";
import { Formats } from "../../src/page/numbers.js";
import { type HouseOptions, SimulatedHouse } from "../lib/energy/simulated-house.js";
import { PageWindow } from "./page-window.js";
import { answersOfHouse } from "./simulated.js";

const NOON = "2026-03-03T15:07:30+01:00";

const HOUSES: Record<string, HouseOptions> = {
  "the simulator's default house": { now: NOON },
  "a smart meter only": { now: NOON, meters: ["p1"] },
  "a Belgian house": { now: NOON, meters: ["emucs", "emucs-gas"], timezone: "Europe/Brussels" },
  "gas only": { now: NOON, meters: ["p1-gas"] },
  "water only": { now: NOON, meters: ["pulse-1"] },
  "only a pulse meter for solar": { now: NOON, meters: ["s01"] },
  "four solar meters": { now: NOON, meters: ["p1", "s01", "s03", "mb1", "mb3"] },
  "a Norwegian house": { now: NOON, meters: ["han"], timezone: "Europe/Oslo" },
  "a day of 23 hours": { now: "2026-03-29T22:07:30+02:00" },
  "a day of 25 hours": { now: "2026-10-25T22:07:30+01:00" },
  "the last evening of a year": { now: "2026-12-31T23:57:30+01:00" },
  "the first minutes of a year": { now: "2027-01-01T00:07:30+01:00" },
  "29 February": { now: "2028-02-29T15:07:30+01:00" },
};

describe("the page shows the right figures for", function () {
  this.timeout(60_000);
  let window: PageWindow;

  before(async () => {
    window = await PageWindow.start();
  });
  after(() => window?.stop());
  afterEach(() => window.assertFine());

  for (const [name, options] of Object.entries(HOUSES))
    it(name, async () => {
      const house = await SimulatedHouse.start(options);
      try {
        const answers = await answersOfHouse(house, "House");
        await window.open(answers);
        await window.picture(name);
        assert.deepEqual(await figuresIn(window), expected(house));
        await window.assertSound();
        const { start, end } = answers.day;
        assert.equal(answers.day.bars.length, (end - start) / 3_600_000);
      } finally {
        await house.stop();
      }
    });
});

const FIGURES = ["bought", "sold", "solar", "gas", "water"] as const;

/** The figures on the page, without those that it does not show. */
async function figuresIn({ page }: PageWindow): Promise<Record<string, string>> {
  const shown: Record<string, string> = {};
  for (const name of FIGURES) {
    const value = page.locator(`.period-figures .${name} .value`);
    if ((await value.count()) > 0) shown[name] = (await value.textContent()) ?? "";
  }
  return shown;
}

/** The same figures from the model, from midnight to the last whole minute; the gas meter is read once an hour. */
function expected(house: SimulatedHouse): Record<string, string> {
  const { start } = house.day(house.now);
  const formats = new Formats("en-GB", house.client.timezone);
  const has = (role: string) => house.meters.some((meter) => meter.role === role);
  const until = (step: number) => house.now - (house.now % step);
  const sum = (streams: string[], sign?: 1 | -1) =>
    streams.reduce((all, stream) => all + house.modelled(stream, start, until(60_000), sign), 0);
  const solar = house.meters.filter(({ role }) => role === "solar").map(({ alias }) => alias);
  return {
    ...(has("grid") && { bought: formats.energy(sum(["net"])) }),
    // A house without solar shows no sold energy.
    ...(has("grid") && has("solar") && { sold: formats.energy(sum(["net"], -1)) }),
    ...(has("solar") && { solar: formats.energy(sum(solar)) }),
    ...(has("gas") &&
      until(3_600_000) > start && { gas: formats.volume(house.modelled("gas", start, until(3_600_000))) }),
    ...(has("water") && { water: formats.volume(sum(["water"]), true) }),
  };
}
