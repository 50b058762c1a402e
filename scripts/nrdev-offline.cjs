// A preload for node-red-dev: its two requests to the public node catalogue (is this name taken, is a node type taken)
// get an empty list, so that the scorecard does not depend on a web site. All other requests go through.
const Module = require("node:module");

const CATALOGUE = "https://catalogue.nodered.org/";
// Node has no public way to replace a module that another one requires.
const loader = /** @type {{ _load(name: string, ...rest: unknown[]): any }} */ (/** @type {unknown} */ (Module));
const originalLoad = loader._load;
const patched = new WeakSet();

loader._load = function load(...args) {
  const loaded = originalLoad.apply(this, args);
  if (args[0] === "axios" && !patched.has(loaded)) {
    patched.add(loaded);
    const get = loaded.get;
    loaded.get = (url, ...rest) =>
      String(url).startsWith(CATALOGUE) ? Promise.resolve({ data: { modules: [] } }) : get.call(loaded, url, ...rest);
  }
  return loaded;
};
