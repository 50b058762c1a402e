/** How the trigger's presets work on the simulator's days, and what a trigger costs. See README.md. */
import { costChecks } from "./automation/cost.js";
import { forecastChecks, shedChecks } from "./automation/peak.js";
import { surplusChecks } from "./automation/surplus.js";
import { bench } from "./support/report.js";

bench(async () => [...surplusChecks(), ...forecastChecks(), ...shedChecks(), ...(await costChecks())]);
