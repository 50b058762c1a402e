import type editorClient from "@node-red/editor-client";

/** What a node's html says of it, in plain words: catalogues of nodes read it there, and run nothing. */
export type Look = Pick<
  editorClient.NodeDef<editorClient.NodeProperties>,
  "category" | "color" | "icon" | "inputs" | "outputs"
>;

/** What a node registers beyond its look, as the editor's published types have it, but for what they do not know yet. */
export interface Dialog {
  defaults: Record<string, Property>;
  credentials?: Record<string, Property & editorClient.NodeCredential>;
  /** Where it is another than that of the look. */
  iconOf?(node: EditorNode): string | undefined;
  paletteLabel?(this: EditorNode): string;
  label(this: EditorNode): string;
  labelStyle?(this: EditorNode): string;
  outputLabels?(this: EditorNode, index: number): string;
  /** Beside the node on the workspace. */
  button?: { enabled(this: EditorNode): boolean; onclick(this: EditorNode): void };
  /** Called for a node that is new on the workspace. */
  onadd?(this: EditorNode): void;
  oneditprepare(this: EditorNode): void;
  /** Called before Node-RED reads the fields. */
  oneditsave?(this: EditorNode): void;
  oneditcancel?(this: EditorNode): void;
}
