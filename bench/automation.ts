/** What the trigger's presets do on the simulator's days, and what a trigger costs. See README.md. */
import { costChecks } from "./automation/cost.js";
import { House } from "./automation/house.js";
import { forecastChecks, shedChecks } from "./automation/peak.js";
import { surplusChecks } from "./automation/surplus.js";
import { finish } from "./support/report.js";

async function main(): Promise<void> {
  process.setSourceMapsEnabled(false);
  const house = new House("1");
  const days = [...surplusChecks(house), ...forecastChecks(house), ...shedChecks(house)];
  finish([...days, ...(await costChecks())]);
}

main().then(
  () => process.exit(),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
