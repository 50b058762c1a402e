// A preload for node-red-dev: its two questions to the public node catalogue (is this name taken, is a node type taken)
// get an empty list for an answer, so that the scorecard does not depend on a web site. All else goes through.
const Module = require("node:module");

const CATALOGUE = "https://catalogue.nodered.org/";
const originalLoad = Module._load;
const patched = new WeakSet();

Module._load = function load(...args) {
  const loaded = originalLoad.apply(this, args);
  if (args[0] === "axios" && !patched.has(loaded)) {
    patched.add(loaded);
    const get = loaded.get;
    loaded.get = (url, ...rest) =>
      String(url).startsWith(CATALOGUE) ? Promise.resolve({ data: { modules: [] } }) : get.call(loaded, url, ...rest);
  }
  return loaded;
};
