// The parts of the editor that its published types lack.
import type editorClient from "@node-red/editor-client";

declare global {
  /** A node or config node in the editor; properties come from a flow file, so they have any type. */
  interface EditorNode {
    readonly id: string;
    readonly type: string;
    readonly name?: string;
    readonly valid?: boolean;
    readonly credentials?: Record<string, unknown>;
    readonly users?: EditorNode[];
    readonly _def: { category: string; defaults: Record<string, Property>; credentials?: Record<string, Property> };
    _(key: string, values?: Record<string, unknown>): string;
    [property: string]: unknown;
  }

  /** True, or what is wrong. */
  type Verdict = true | string;

  interface Property {
    value: unknown;
    type?: string;
    required?: boolean;
    validate?: (this: EditorNode, value: unknown, options: object) => Verdict;
  }

  interface TypedInputType extends editorClient.WidgetTypedInputTypeDefinition {
    default?: string;
    expand?: ((this: TypedInput) => void) & { icon?: string };
    autoComplete?: (text: string, done: (options: { value: string; label: JQuery }[]) => void) => void;
  }

  type TypedInputChoice = editorClient.WidgetTypedInputType | TypedInputType;

  interface TypedInput {
    input: JQuery;
    uiSelect: JQuery;
    value(text: string): void;
  }

  const RED: Pick<editorClient.RED, "settings"> & {
    _(key: string, values?: Record<string, unknown>): string;
    /** Works over plain http too; `message` shows briefly beside `element`. */
    clipboard: { copyText(text: string, element: JQuery, message: string): boolean };
    events: { on(event: string, listener: (node: EditorNode) => void): void };
    /** `id`: the hook's name, a dot, and the listener's owner. */
    hooks: { add<Event>(id: string, listener: (event: Event) => void): void };
    history: { push(event: { t: "add"; nodes: string[]; dirty: boolean }): void };
    nodes: {
      id(): string;
      dirty(isDirty?: boolean): boolean;
      getType(type: string): EditorNode["_def"];
      import(nodes: object[]): void;
      remove(id: string): void;
      registerType(type: string, definition: object): void;
      node(id: string): EditorNode | null;
      eachConfig(visit: (node: EditorNode) => void): void;
      filterLinks(filter: { target: EditorNode }): { source: EditorNode; sourcePort: number }[];
    };
    utils: {
      getNodeLabel(node: EditorNode, fallback: string): string;
      validateTypedProperty(value: unknown, type: string, options: object): Verdict;
    };
    view: { redraw(): void };
  };
}
