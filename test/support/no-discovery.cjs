/** no-discovery.ts for a Node that has no TypeScript, by `--require`: the processes that tests start. */
require("tsx/cjs/api").require("./no-discovery.ts", __filename);
