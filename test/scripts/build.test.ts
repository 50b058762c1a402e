/** The build, in a scratch copy with nodes that this package does not have. */
import assert from "node:assert/strict";
import { symlinkSync } from "node:fs";
import { resolve } from "node:path";
import { LANGUAGES } from "../support/languages.js";
import { definitionsIn } from "../support/node-red-definition.js";
import { ScratchProject } from "./project.js";

/** A reserved word, and a name that is not a valid variable name. */
const NAMES = ["class", "smart-plug"];

describe("npm run build with a new node: a folder, its texts, and a line in package.json", function () {
  this.timeout(30_000);
  let project: ScratchProject;

  before(() => {
    project = new ScratchProject("package.json", "tsconfig.json", "tsconfig.build.json", "scripts", "src");
    symlinkSync(resolve(__dirname, "../../node_modules"), project.path("node_modules"), "dir");
    for (const name of NAMES) addNode(name);
    const { status, output } = project.run("build");
    assert.equal(status, 0, output);
  });
  after(() => project?.remove());

  function addNode(name: string): void {
    const copy = (from: string, to: string) =>
      project.write(`src/nodes/${to}`, project.read(`src/nodes/${from}`).replaceAll("cemm-totals", `cemm-${name}`));
    for (const file of ["dialog.html", "dialog.ts", "icon.svg"]) copy(`totals/${file}`, `${name}/${file}`);
    copy("totals/totals.ts", `${name}/${name}.ts`);
    for (const language of LANGUAGES) {
      for (const kind of ["json", "html"])
        copy(`locales/${language}/totals.${kind}`, `locales/${language}/${name}.${kind}`);
    }
    const line = `"nodes": { "cemm-${name}": "dist/nodes/${name}/${name}.js",`;
    project.write("package.json", project.read("package.json").replace('"nodes": {', line));
  }

  for (const name of NAMES) {
    it(`puts the files of "${name}" where Node-RED looks for them`, () => {
      const at = (file: string) => project.read(`dist/nodes/${name}/${file}`);
      assert.match(at(`${name}.js`), new RegExp(`registerType\\("cemm-${name}"`));
      for (const language of LANGUAGES) {
        assert.match(at(`locales/${language}/${name}.html`), new RegExp(`data-help-name="cemm-${name}"`));
        assert.ok(JSON.parse(at(`locales/${language}/${name}.json`)).label);
      }
      assert.match(at(`icons/cemm-${name}.svg`), /<svg/);
    });

    it(`builds the dialog of "${name}"`, () => {
      const html = project.read(`dist/nodes/${name}/${name}.html`);
      const definition = definitionsIn(html, project.path("resources")).get(`cemm-${name}`);
      assert.equal(definition?.defaults.device?.type, "cemm-device");
    });
  }
});
