/** The example answers that the page's browser side is developed and tested against. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { answersOf } from "../../page/stand-in.js";

describe("the page's example answers", () => {
  for (const file of readdirSync(join(__dirname, "../../fixtures/page"))) {
    it(`${file} has the shape that view.ts states`, () => void answersOf(file.replace(".json", "")));
  }
});
