/** Sends each query of the Grafana dashboard, as Grafana would, to the example's database. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";

const FILE = join(__dirname, "../../../grafana/cemm.json");
const Target = z.looseObject({ rawQuery: z.literal(true), query: z.string() });
const Dashboard = z.looseObject({
  title: z.string(),
  __inputs: z.tuple([z.looseObject({ name: z.literal("DS_CEMM"), pluginId: z.literal("influxdb") })]),
  templating: z.looseObject({ list: z.array(z.looseObject({ name: z.string(), query: z.string() })) }),
  panels: z.array(z.looseObject({ title: z.string(), targets: z.array(Target) })),
});

type Ask = (query: string) => Promise<Record<string, string | number | null>[]>;

/** Fails if a query is refused or finds nothing that the example writes. */
export async function checkDashboard(ask: Ask): Promise<void> {
  const { templating, panels } = Dashboard.parse(JSON.parse(readFileSync(FILE, "utf8")));
  const chosen = new Map<string, string>();
  for (const { name, query } of templating.list) {
    const [first] = await ask(query);
    chosen.set(name, String(first?.value ?? assert.fail(`${query} finds nothing`)));
  }
  for (const { title, targets } of panels) {
    for (const { query } of targets) {
      const rows = await ask(filledIn(query, chosen));
      assert.ok(
        rows.some((row) => Object.entries(row).some(([column, value]) => column !== "time" && value !== null)),
        `${title}: ${query} finds nothing`,
      );
    }
  }
}

/** Fills in Grafana's macros, for the last three years. */
function filledIn(query: string, chosen: ReadonlyMap<string, string>): string {
  const variables = [...chosen].reduce((text, [name, value]) => text.replaceAll(`$${name}`, value), query);
  return variables
    .replaceAll("$timeFilter", `time >= ${Date.now() - 3 * 366 * 86_400_000}ms and time <= ${Date.now()}ms`)
    .replaceAll("$__interval", "1h");
}
