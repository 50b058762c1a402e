/** The example that writes every day of some years. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type DayTotals, daysOf2025 } from "../expected.js";
import type { Lab } from "../lab.js";
import type { Proxied } from "../proxy.js";
import type { Flow } from "../workbench.js";

const Rules = z.array(z.looseObject({ p: z.string() }));

export const years = {
  async "16 Years to CSV"(lab: Lab) {
    const { bench } = lab;
    const days = await daysOf2025();
    assert.equal(days.length, 365);
    const writes = async (count: number, written: DayTotals[]) => {
      await bench.press("write");
      const shown = await bench.take("written", z.string(), count);
      const lines = written.map(({ date, low, high }) => `${date},${low},${high}\n`);
      assert.equal(shown.at(-1), `date,low_kWh,normal_kWh\n${lines.join("")}`);
      assert.equal(readFileSync(join(bench.nodeRed.userDir, "cemm-2025.csv"), "utf8"), shown.at(-1));
    };
    // The second file must equal the first.
    await writes(1, days);
    await writes(2, days);
    // Two years, into a folder that does not exist yet.
    await bench.deploy("16 Years to CSV", twoYearsIn(join(bench.nodeRed.userDir, "years")));
    await bench.press("write");
    const [both = ""] = await bench.take("written", z.string(), 1);
    assert.equal(readFileSync(join(bench.nodeRed.userDir, "years/cemm-2024-2025.csv"), "utf8"), both);
    assert.equal(both.trim().split("\n").length, 1 + 366 + 365);
    await bench.deploy("16 Years to CSV");
    await lab.withProxy(withoutMarch, async () => {
      await writes(1, days.filter(isNotInMarch));
      await bench.complains(/1 of 12 months are missing, the first is 2025-03/);
      await bench.finish();
    });
  },
};

/** Changes *my years* as a user would. */
const twoYearsIn = (folder: string) => (flow: Flow) =>
  flow.map((node) => {
    if (node.name !== "my years") return node;
    const [from, to, place, ...rules] = Rules.parse(node.rules);
    return { ...node, rules: [{ ...from, to: "2024" }, { ...to, to: "2025" }, { ...place, to: folder }, ...rules] };
  });

export const withoutMarch: Proxied = async ({ searchParams }, pass) => {
  const time = Number(searchParams.get("time")) * 1000;
  const isMarch = time >= Date.parse("2025-03-01T00:00+01:00") && time < Date.parse("2025-04-01T00:00+02:00");
  return isMarch ? new Response(null, { status: 500 }) : pass();
};

export const isNotInMarch = ({ date }: DayTotals) => !date.startsWith("2025-03");
