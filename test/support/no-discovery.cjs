/** Loads no-discovery.ts by `--require` into processes that tests start, whose Node.js does not run TypeScript. */
require("tsx/cjs/api").require("./no-discovery.ts", __filename);
