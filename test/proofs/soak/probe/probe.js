/** Inside the Node-RED under test: sends waves of messages, counts how they end, and reports the process's resources. */
const { setFlagsFromString } = require("node:v8");
const { runInNewContext } = require("node:vm");

setFlagsFromString("--expose-gc");
const gc = runInNewContext("gc");

const counted = { asked: 0, answered: 0, errors: 0, uncoded: 0, warnings: 0 };
process.on("warning", () => counted.warnings++);
let source;

module.exports = (RED) => {
  RED.nodes.registerType("soak-source", function (config) {
    RED.nodes.createNode(this, config);
    source = this;
  });
  RED.nodes.registerType("soak-sink", function (config) {
    RED.nodes.createNode(this, config);
    this.on("input", (msg, _send, done) => {
      // Messages of a node's own polls do not count.
      if (msg.soak) counted[config.counts]++;
      if (msg.error && !/^CEMM_/.test(msg.error.code)) counted.uncoded++;
      done();
    });
  });
  RED.httpAdmin.post("/soak/wave/:messages", (request, response) => {
    const messages = Number(request.params.messages);
    counted.asked += messages * source.wires[0].length;
    source.send([Array.from({ length: messages }, () => ({ soak: true }))]);
    response.json({});
  });
  RED.httpAdmin.get("/soak", (_request, response) => {
    gc();
    const resources = {};
    for (const kind of process.getActiveResourcesInfo()) resources[kind] = (resources[kind] ?? 0) + 1;
    response.json({ ...counted, heap: process.memoryUsage().heapUsed, resources });
  });
};
