import type editorClient from "@node-red/editor-client";

/** The definition in a node's html, as literals: node catalogues read it there without running code. */
export type Look = Pick<
  editorClient.NodeDef<editorClient.NodeProperties>,
  "category" | "color" | "icon" | "inputs" | "outputs"
>;

/** The rest of a node's definition: the editor's published types, with additions. */
export interface Dialog {
  defaults: Record<string, Property>;
  credentials?: Record<string, Property & editorClient.NodeCredential>;
  /** The icon, if it differs from that of the look. */
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
