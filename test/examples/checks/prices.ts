/** The prices example without a network; what it does with prices is tested elsewhere. */
import { onlyPressed } from "../added.js";
import type { Lab } from "../lab.js";

const NAME = "13 Prices of today and tomorrow";

export const prices = {
  async [NAME]({ bench }: Lab) {
    // On its own it would ask once more, and twice after 14:00.
    await bench.deploy(NAME, onlyPressed);
    await bench.press("every hour", { now: Date.parse("2026-06-16T12:00+02:00") });
    await bench.complains(/public\.api\.energyzero\.nl/);
  },
};
