/**
 * The dialogs of all CEMM nodes, as one script: the build takes the list of nodes from package.json. Every node's html
 * loads the script and registers its own node with it; the script runs once, however often the editor loads it.
 */
import { showErrorsWhole } from "./debug-sidebar.js";
import type { Dialog, Look } from "./dialog.js";
import { relabelUsers } from "./relabel.js";
import { loadStyle } from "./style.js";

/** By the types of their nodes. */
type Dialogs = Readonly<Record<string, Dialog>>;

declare global {
  interface Window {
    cemm?: { registerType(type: string, look: Look): void };
  }
}

export function start(dialogs: Dialogs): void {
  if (window.cemm) return;
  window.cemm = {
    registerType(type, look) {
      const dialog = dialogs[type];
      RED.nodes.registerType(type, {
        ...look,
        ...dialog,
        icon(this: EditorNode) {
          return dialog?.iconOf?.(this) ?? look.icon;
        },
      });
    },
  };
  loadStyle();
  relabelUsers();
  showErrorsWhole();
}
