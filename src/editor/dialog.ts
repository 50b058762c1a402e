import type editorClient from "@node-red/editor-client";

/** What a node registers with the editor, as its published types have it, but for what they do not know yet. */
export interface Dialog
  extends Pick<editorClient.NodeDef<editorClient.NodeProperties>, "category" | "color" | "inputs" | "outputs"> {
  defaults: Record<string, Property>;
  credentials?: Record<string, editorClient.NodeCredential>;
  icon?: string | ((this: EditorNode) => string);
  paletteLabel?(this: EditorNode): string;
  label(this: EditorNode): string;
  labelStyle?(this: EditorNode): string;
  outputLabels?(this: EditorNode, index: number): string;
  /** Called for a node that is new on the workspace. */
  onadd?(this: EditorNode): void;
  oneditprepare(this: EditorNode): void;
}
