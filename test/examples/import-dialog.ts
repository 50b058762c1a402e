/** The editor's import dialog, operated as a user would. */
import assert from "node:assert/strict";
import { z } from "zod";
import type { Editor } from "../editor/editor.js";
import { eventually } from "./eventually.js";

const TREE = "#red-ui-clipboard-dialog-import-tabs-content .red-ui-treeList:visible";

/** Imports an example of this package; shared nodes that already exist are kept. */
export async function importExample(editor: Editor, name: string): Promise<void> {
  const tree = await openExamples(editor);
  const ok = editor.page.locator("#red-ui-clipboard-dialog-ok");
  // While the folder is still unfolding, a click may miss the name.
  await eventually(async () => {
    await editor.click(tree.getByText(name, { exact: true }));
    assert.ok(await ok.isEnabled(), `${name} cannot be chosen`);
  });
  await editor.click(ok);
  await tree.waitFor({ state: "hidden" });
  const view = editor.page.getByRole("button", { name: "View nodes..." });
  await eventually(async () => {
    if ((await view.count()) > 0) {
      await editor.click(view);
      await editor.click(editor.page.getByRole("button", { name: "Import selected" }));
    }
    const tabs = await editor.page.evaluate("RED.nodes.getWorkspaceOrder().map((id) => RED.nodes.workspace(id).label)");
    assert.ok(z.array(z.string()).parse(tabs).includes(name.slice("01 ".length)), `${name} was not imported`);
  });
  await view.waitFor({ state: "detached" });
}

/** The names of the examples, in the order that a user sees. */
export async function listedExamples(editor: Editor): Promise<string[]> {
  const tree = await openExamples(editor);
  await tree.getByText("01 First reading", { exact: true }).waitFor();
  const names = await tree.locator(".red-ui-treeList-label-text:visible").allInnerTexts();
  await editor.click(editor.page.locator("#red-ui-clipboard-dialog-cancel"));
  await tree.waitFor({ state: "hidden" });
  return names.slice(names.lastIndexOf("flows") + 1);
}

async function openExamples(editor: Editor) {
  // Dialogs and folders open and close without animation.
  await editor.page.evaluate("jQuery.fx.off = true");
  await editor.page.evaluate(`RED.actions.invoke("core:show-examples-import-dialog")`);
  const tree = editor.page.locator(TREE);
  await editor.click(tree.getByText("node-red-contrib-cemm", { exact: true }));
  // The outer folder, of all examples, has the same name.
  await editor.click(tree.getByText("flows", { exact: true }).nth(1));
  return tree;
}
