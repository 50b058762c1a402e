/** Every example, as the editor's import dialog gets it, in a real Node-RED: alone, and together with all others. */
import assert from "node:assert/strict";
import { Editor } from "../editor/editor.js";
import { firstSteps } from "./checks/first-steps.js";
import { gaps } from "./checks/gaps.js";
import { mqtt } from "./checks/mqtt.js";
import { othersThan } from "./checks/others.js";
import { prices } from "./checks/prices.js";
import { trouble } from "./checks/trouble.js";
import { years } from "./checks/years.js";
import { eventually } from "./eventually.js";
import { importExample, listedExamples } from "./import-dialog.js";
import { Lab } from "./lab.js";
import { crowded } from "./layout.js";
import { EXAMPLES, SHARED } from "./shipped.js";

const OWN = { ...firstSteps, ...trouble, ...mqtt, ...years, ...gaps, ...prices };
const CHECKS = { ...OWN, ...othersThan(OWN) };

describe("the examples", () => {
  let lab: Lab;
  before(async () => {
    lab = await Lab.start();
  });
  after(() => lab?.stop());

  function checkAll(): void {
    for (const [name, check] of Object.entries(CHECKS)) {
      it(name, async () => {
        await lab.bench.deploy(name);
        await check(lab);
        await lab.bench.finish();
      });
    }
  }

  describe("alone", checkAll);

  describe("all together", () => {
    before("imported one after the other", async () => {
      await lab.bench.clear();
      const editor = await Editor.open(lab.browser, lab.bench.nodeRed.adminUrl);
      assert.deepEqual(await listedExamples(editor), EXAMPLES);
      for (const name of EXAMPLES) await importExample(editor, name);
      assert.deepEqual(await crowded(editor), []);
      assert.deepEqual(await invalid(editor), []);
      await editor.deploy();
      await eventually(async () => assert.notDeepEqual(await lab.bench.deployed(), []));
      await editor.close();
      await lab.bench.keepTogether();
    });

    it("share one CEMM, one broker, one database, and one dashboard with one theme", async () => {
      const flows = await lab.bench.deployed();
      const shared = flows.filter(({ type }) => SHARED.has(type)).map(({ type, id }) => ({ type, id }));
      const once = [...SHARED].filter(([type]) => type !== "cemm-account").map(([type, id]) => ({ type, id }));
      assert.deepEqual(shared.sort(byType), once.sort(byType));
      const asked = new Set(flows.flatMap(({ device }) => device ?? []));
      assert.deepEqual([...asked], [SHARED.get("cemm-device")]);
    });

    checkAll();
  });
});

/** Nodes that the editor marks with a red triangle or does not know. */
async function invalid(editor: Editor): Promise<unknown> {
  return editor.page.evaluate(
    `[...RED.nodes.filterNodes({}), ...(() => { const all = []; RED.nodes.eachConfig((node) => { all.push(node); }); return all; })()]
      .filter(({ type, valid }) => type === "unknown" || valid === false).map(({ id, type }) => id + " " + type)`,
  );
}

const byType = (a: { type: string }, b: { type: string }) => a.type.localeCompare(b.type);
