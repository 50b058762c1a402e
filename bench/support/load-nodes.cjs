/**
 * Loads the node files of the package in the given folder, as Node-RED does at its start, in its own process, and
 * prints how long that took, ms. With the address of a CEMM: also how long until it has answered, including the load.
 */
const { join } = require("node:path");

const [folder = "", host] = process.argv.slice(2);

/** Accepts everything that a node file does with Node-RED at its start. */
const RED = new Proxy(() => {}, {
  get: (_, key) => (key === Symbol.toPrimitive ? () => "" : RED),
  apply: () => RED,
});

async function main() {
  const { nodes } = require(join(folder, "package.json"))["node-red"];
  const began = performance.now();
  for (const file of Object.values(nodes)) {
    const loaded = require(join(folder, file));
    // What a node file does later fails without a Node-RED, and is not part of its load.
    Promise.resolve((loaded.default ?? loaded)(RED)).catch(() => {});
  }
  const load = performance.now() - began;
  if (host) {
    const { CemmClient } = require(join(folder, "dist/lib/index.js"));
    await new CemmClient({ host }).realtime("p1");
  }
  console.log(JSON.stringify({ load, answered: performance.now() - began }));
}

process.on("unhandledRejection", () => {});
main().then(
  () => process.exit(),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
