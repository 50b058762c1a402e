/** What to watch: the jobs, why some failed, and how old the newest point of each meter is. `node status.mjs` */
import { Queue } from "bullmq";
import { query } from "./influx.mjs";
import { connection } from "./settings.mjs";

const NEWEST =
  "SELECT * FROM cemm WHERE kind = 'realtime' AND time > now() - 1d GROUP BY uid, alias ORDER BY time DESC LIMIT 1";

const queue = new Queue("cemm", { connection });
queue.on("error", (error) => console.error(`Redis: ${error.message}`));
console.log("Jobs:", await queue.getJobCounts("wait", "prioritized", "delayed", "active", "failed"));

const reasons = {};
for (const { name, failedReason } of await queue.getFailed(0, 999)) {
  const reason = `${name}: ${failedReason}`;
  reasons[reason] = (reasons[reason] ?? 0) + 1;
}
console.log("Why the last 1,000 of them failed:", reasons);

const newest = (await query(NEWEST)).map(({ tags, values: [[time]] }) => ({
  ...tags,
  seconds: (Date.now() - time) / 1000,
}));
newest.sort((a, b) => b.seconds - a.seconds);
console.log(`Meters with a point in the last day: ${newest.length}. The oldest of their newest points:`);
console.table(newest.slice(0, 10));
await queue.close();
// Connections to Sentinels would keep it running.
process.exit();
