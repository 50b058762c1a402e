/**
 * The dialogs of all CEMM nodes, as one script: the build finds them by their files' names. Every node's html names the
 * script and registers its own dialog from `cemm`; it acts once, however often the editor loads it.
 */
import { showErrorsWhole } from "./debug-sidebar.js";
import type { Dialog } from "./dialog.js";
import { relabelUsers } from "./relabel.js";
import { loadStyle } from "./style.js";

/** By the names of their nodes, without `cemm-`. */
type Dialogs = Readonly<Record<string, Dialog>>;

declare global {
  interface Window {
    cemm?: Dialogs;
  }
}

export function start(dialogs: Dialogs): void {
  if (window.cemm) return;
  window.cemm = dialogs;
  loadStyle();
  relabelUsers();
  showErrorsWhole();
}
