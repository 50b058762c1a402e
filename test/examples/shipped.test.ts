/** Rules for every example file. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { EXAMPLES, type Nodes, nodesOf, SHARED } from "./shipped.js";

const EACH = EXAMPLES.map((name) => ({ name, nodes: nodesOf(name) }));

describe("the example files", () => {
  it("are numbered without gaps; their tabs have no numbers", () => {
    const expected = EXAMPLES.map((_, n) => `${n + 1}`.padStart(2, "0"));
    assert.deepEqual(
      EXAMPLES.map((name) => name.slice(0, 2)),
      expected,
    );
    for (const { name, nodes } of EACH) assert.deepEqual(ofType(nodes, "tab").map(labelOf), [name.slice(3)]);
  });

  it("never use one id for two different nodes", () => {
    const known = new Map(EACH.flatMap(({ nodes }) => nodes).map((node) => [node.id, node]));
    for (const { name, nodes } of EACH) {
      for (const node of nodes) assert.deepEqual(node, known.get(node.id), `${node.id} in ${name}`);
    }
  });

  it("share only the common configuration nodes", () => {
    const owners = new Map<string, string[]>();
    for (const { name, nodes } of EACH) {
      for (const { id } of nodes) owners.set(id, [...(owners.get(id) ?? []), name]);
      for (const { type, id } of nodes) if (SHARED.has(type)) assert.equal(id, SHARED.get(type), name);
    }
    const shared = new Set(SHARED.values());
    for (const [id, names] of owners) if (!shared.has(id)) assert.equal(names.length, 1, `${id} in ${names}`);
  });

  it("have a description in their tab, without HTML", () => {
    for (const { name, nodes } of EACH) {
      const [tab] = ofType(nodes, "tab");
      assert.match(String(tab?.info), /^[^<]{100,}$/, name);
    }
  });

  it("ask to fill in at most three things, in the description and on the canvas", () => {
    for (const { name, nodes } of EACH) {
      const [tab, comment] = [...ofType(nodes, "tab"), ...ofType(nodes, "comment")];
      const [, list = ""] = /\*\*Fill in\*\*\n(.+?)(\n\n|$)/s.exec(String(tab?.info)) ?? [];
      const count = list.split("\n").filter((line) => /^\d\. /.test(line)).length;
      assert.ok(count <= 3, `${name} asks for ${count}`);
      assert.match(String(comment?.name), count === 0 ? /^Nothing to fill in/ : /^Fill in: /, name);
    }
  });

  it("each have a test", () => {
    const files = readdirSync(__dirname, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
    const tests = files.map((file) => readFileSync(join(__dirname, file), "utf8")).join();
    for (const name of EXAMPLES) assert.ok(tests.includes(`"${name}"`), name);
  });
});

const ofType = (nodes: Nodes, type: string) => nodes.filter((node) => node.type === type);
const labelOf = ({ label }: Nodes[number]) => label;
