/** alone.ts for a Node that has no TypeScript, by `--require`: the processes that tests start. */
require("tsx/cjs/api").require("./alone.ts", __filename);
