/** The editor's import dialog, used as a person uses it. */
import assert from "node:assert/strict";
import type { Editor } from "../editor/editor.js";
import { eventually } from "./eventually.js";

const TREE = "#red-ui-clipboard-dialog-import-tabs-content .red-ui-treeList:visible";

/** Imports an example of this package. What exists already is kept: of the rest, a copy is imported. */
export async function importExample(editor: Editor, name: string): Promise<void> {
  const tree = await openExamples(editor);
  const ok = editor.page.locator("#red-ui-clipboard-dialog-ok");
  // While the folder still unfolds, a click may fall beside the name.
  await eventually(async () => {
    await editor.click(tree.getByText(name, { exact: true }));
    assert.ok(await ok.isEnabled(), `${name} cannot be chosen`);
  });
  await editor.click(ok);
  await tree.waitFor({ state: "hidden" });
  const copy = editor.page.getByRole("button", { name: "Import copy" });
  if ((await copy.count()) > 0) await editor.click(copy);
  await copy.waitFor({ state: "detached" });
}

/** The names of the examples, from the first to the last as a person sees them. */
export async function listedExamples(editor: Editor): Promise<string[]> {
  const tree = await openExamples(editor);
  await tree.getByText("01 First reading", { exact: true }).waitFor();
  const names = await tree.locator(".red-ui-treeList-label-text:visible").allInnerTexts();
  await editor.click(editor.page.locator("#red-ui-clipboard-dialog-cancel"));
  await tree.waitFor({ state: "hidden" });
  return names.slice(names.lastIndexOf("flows") + 1);
}

async function openExamples(editor: Editor) {
  await editor.page.evaluate(`RED.actions.invoke("core:show-examples-import-dialog")`);
  const tree = editor.page.locator(TREE);
  await editor.click(tree.getByText("node-red-contrib-cemm", { exact: true }));
  // The outer folder, of all examples, has the same name.
  await editor.click(tree.getByText("flows", { exact: true }).nth(1));
  return tree;
}
