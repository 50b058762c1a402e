/** The dialogs of all CEMM nodes, as one script. Each node's html loads it and registers its node; it runs once. */
import { showErrorsWhole } from "./debug-sidebar.js";
import type { Dialog, Look } from "./dialog.js";
import { relabelUsers } from "./relabel.js";

const STYLE = "resources/node-red-contrib-cemm/cemm-editor.css";

declare global {
  interface Window {
    cemm?: { registerType(type: string, look: Look): void };
  }
}

/** `dialogs`: by the types of their nodes. */
export function start(dialogs: Readonly<Record<string, Dialog>>): void {
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

function loadStyle(): void {
  const root = "apiRootUrl" in RED.settings ? String(RED.settings.apiRootUrl) : "";
  $("<link>", { rel: "stylesheet", href: `${root}${STYLE}` }).appendTo("head");
}
