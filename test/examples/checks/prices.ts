/** The feed of prices where there is no network: what comes of prices has tests of its own. */
import type { Lab } from "../lab.js";

export const prices = {
  async "13 Prices of today and tomorrow"({ bench }: Lab) {
    await bench.complains(/public\.api\.energyzero\.nl/);
  },
};
