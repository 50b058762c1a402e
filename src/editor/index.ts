/**
 * The dialogs of all CEMM nodes, as one script. Every node's html names it and registers its own dialog from `cemm`;
 * it acts once, however often the editor loads it.
 */
import { account } from "./cemm-account.js";
import { device } from "./cemm-device.js";
import { discover } from "./cemm-discover.js";
import { history } from "./cemm-history.js";
import { realtime } from "./cemm-realtime.js";
import { totals } from "./cemm-totals.js";
import { trigger } from "./cemm-trigger.js";
import { showErrorsWhole } from "./debug-sidebar.js";
import type { Dialog } from "./dialog.js";
import { relabelUsers } from "./relabel.js";
import { loadStyle } from "./style.js";

const dialogs: Record<string, Dialog> = { account, device, discover, history, realtime, totals, trigger };

declare global {
  interface Window {
    cemm?: typeof dialogs;
  }
}

if (!window.cemm) {
  window.cemm = dialogs;
  loadStyle();
  relabelUsers();
  showErrorsWhole();
}
