/** loopback.ts for a Node that has no TypeScript, by `--require`: the processes that tests start. */
require("tsx/cjs/api").require("./loopback.ts", __filename);
