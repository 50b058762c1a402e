/** The debug sidebar cuts a text after 80 letters. An error's sentence says at its end what to do: it is shown whole. */

interface DebugMessage {
  message: { type?: string; level?: number };
  element: JQuery;
  payload: unknown;
}

/** Of all that a node of this package logs; what a flow sends to a debug node stays as Node-RED shows it. */
export function showErrorsWhole(): void {
  RED.hooks.add("debugPostProcessMessage.cemm", ({ message, element, payload }: DebugMessage) => {
    if (message.level === undefined || !message.type?.startsWith("cemm-")) return;
    element.find(".red-ui-debug-msg-payload .red-ui-debug-msg-object-header").text(String(payload));
  });
}
