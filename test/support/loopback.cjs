/** Loads loopback.ts by `--require` into processes that tests start, whose Node.js does not run TypeScript. */
require("tsx/cjs/api").require("./loopback.ts", __filename);
