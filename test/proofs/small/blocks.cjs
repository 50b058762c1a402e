/**
 * Preloaded into the Node-RED under test: prints each block of its event loop, and its memory when it changes.
 * Only time in which this process used the CPU counts as blocked: a busy machine also delays the loop.
 */
const REPORTED_MS = 20;
const SAMPLE_EVERY_MS = 5;
const MEMORY_EVERY_MS = 50;

let [time, processor] = [performance.now(), process.cpuUsage()];
let [held, heap] = [0, 0];

setInterval(() => {
  const { user, system } = process.cpuUsage(processor);
  const blocked = Math.min(performance.now() - time, (user + system) / 1000);
  if (blocked > REPORTED_MS) console.log(`blocked for ${Math.round(blocked)} ms`);
  [time, processor] = [performance.now(), process.cpuUsage()];
}, SAMPLE_EVERY_MS).unref();

setInterval(() => {
  const { rss, heapUsed } = process.memoryUsage();
  const now = [Math.round(rss / 2 ** 20), Math.round(heapUsed / 2 ** 20)];
  if (now[0] !== held || now[1] !== heap) console.log(`memory ${now[0]} MB, heap ${now[1]} MB`);
  [held, heap] = now;
}, MEMORY_EVERY_MS).unref();
