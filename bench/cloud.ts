/** The cloud's promises, and many CEMMs of one account. See README.md. */
import { promiseChecks } from "./cloud/promises.js";
import { thousandChecks } from "./cloud/thousand.js";
import { finish } from "./support/report.js";

async function main(): Promise<void> {
  process.setSourceMapsEnabled(false);
  finish([...(await promiseChecks()), ...(await thousandChecks())]);
}

main().then(
  () => process.exit(),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
