/** The example answers against which the page's browser side is developed and tested. */
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { answersOf } from "../../page/stand-in.js";

describe("the page's example answers", () => {
  for (const file of readdirSync(join(__dirname, "../../fixtures/page"))) {
    it(`${file} matches view.ts`, () => void answersOf(file.replace(".json", "")));
  }
});
