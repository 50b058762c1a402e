/** The costs of today and of each finished day. test/lib/energy/tariff.test.ts tests how days of every length are priced. */
import assert from "node:assert/strict";
import { z } from "zod";
import { dayBefore, NOON_ZONE, startThere } from "../support/noon.js";
import { button, onlyPressed, withNodes } from "./added.js";
import { clockLab, withProperties } from "./clock-lab.js";
import { eventually } from "./eventually.js";

const NAME = "07 Costs of today";

const Day = z.object({
  date: z.string(),
  bought: z.number(),
  sold: z.number(),
  costs: z.object({ bought: z.number(), sold: z.number(), total: z.number(), withoutPrice: z.number() }),
});

const DAY = 86_400_000;

const atNoon = { "cemm-device": { timezone: NOON_ZONE } };

const cents = (euros: number) => Math.round(euros * 100);

describe(NAME, () => {
  const lab = clockLab(NOON_ZONE);

  /** Asks until today's costs are known; nothing is shown before. */
  const today = () =>
    eventually(async () => {
      lab.bench.nodeRed.debug.clear();
      await lab.bench.press("today");
      return eventually(
        async () => lab.bench.sofar("costs of today", Day)[0] ?? assert.fail("nothing was shown"),
        1000,
      );
    }, 20_000);

  it("works as imported: today so far, and all of yesterday", async () => {
    await lab.deploy(NAME, (flow) => withProperties(flow, atNoon));
    const yesterday = await lab.bench.shown("a day that is over", Day);
    const day = await today();
    const start = startThere(day.date);
    assert.ok(start < Date.now() && Date.now() < start + DAY);
    assert.equal(yesterday.date, dayBefore(day.date));
    for (const { bought, sold, costs } of [yesterday, day]) {
      assert.ok(bought > 0);
      assert.equal(cents(costs.total), cents(bought * 0.27 - sold * 0.06));
      assert.equal(costs.withoutPrice, 0);
    }
    assert.deepEqual(lab.bench.complaints(), []);
  });

  it("uses the prices of the feed example, and reports how much energy has no price", async () => {
    await lab.deploy(NAME, (flow) =>
      withNodes(
        withProperties(onlyPressed(flow), { ...atNoon, "cemm-page": { tariff: { kind: "hourly" } } }),
        button("prices", "costs-page"),
      ),
    );
    const none = await today();
    assert.equal(none.costs.total, 0);
    assert.equal(none.costs.withoutPrice.toFixed(3), (none.bought + none.sold).toFixed(3));
    await lab.bench.press("prices", {
      topic: "prices",
      payload: [{ time: Date.now() - 100_000_000, buy: 1, sell: 0.5 }],
    });
    const { bought, sold, costs } = await today();
    assert.equal(cents(costs.total), cents(bought - sold / 2));
    assert.equal(costs.withoutPrice, 0);
  });
});
