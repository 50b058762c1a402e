/**
 * Preloaded into the Node-RED that is watched: prints each block of its event loop, and what its memory is at most.
 * Blocked is what took the loop both time and processor: a machine that is busy elsewhere takes time only.
 */
const REPORTED_MS = 20;
const LOOK_EVERY_MS = 5;
const MEMORY_EVERY_MS = 250;

let [time, processor] = [performance.now(), process.cpuUsage()];
let highest = 0;

setInterval(() => {
  const { user, system } = process.cpuUsage(processor);
  const blocked = Math.min(performance.now() - time, (user + system) / 1000);
  if (blocked > REPORTED_MS) console.log(`blocked for ${Math.round(blocked)} ms`);
  [time, processor] = [performance.now(), process.cpuUsage()];
}, LOOK_EVERY_MS).unref();

setInterval(() => {
  const held = Math.round(process.memoryUsage().rss / 2 ** 20);
  if (held > highest) console.log(`memory ${held} MB`);
  highest = Math.max(highest, held);
}, MEMORY_EVERY_MS).unref();
