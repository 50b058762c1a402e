/** The example answers that the page's browser side is developed and tested against. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { House, Live, PeriodView, Readings } from "../../../src/lib/energy/view.js";

const folder = join(__dirname, "../../fixtures/page");
const Answers = z.strictObject({
  house: House,
  live: Live,
  day: PeriodView,
  month: PeriodView,
  year: PeriodView,
  readings: Readings,
});

describe("the page's example answers", () => {
  for (const file of readdirSync(folder)) {
    it(`${file} has the shape that view.ts states`, () => {
      Answers.parse(JSON.parse(readFileSync(join(folder, file), "utf8")));
    });
  }
});
