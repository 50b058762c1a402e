// mocha's own "spec" output and, if CEMM_TEST_RESULTS names a file, the counts as a line of JSON that .ci/run adds up.
const { appendFileSync } = require("node:fs");
const { reporters } = require("mocha");

module.exports = class SpecAndCounts extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const file = process.env.CEMM_TEST_RESULTS;
    if (file) runner.once("end", () => appendFileSync(file, `${JSON.stringify(counts(this.stats))}\n`));
  }
};

const counts = ({ passes, failures, pending, duration = 0 }) => ({
  node: process.version,
  passed: passes,
  failed: failures,
  skipped: pending,
  seconds: duration / 1000,
});
