/** The debug sidebar cuts off texts after 80 letters. An error says what to do at its end, so it is shown in full. */

interface DebugMessage {
  message: { type?: string; level?: number };
  element: JQuery;
  payload: unknown;
}

/** Applies to everything that a node of this package logs, not to messages in debug nodes. */
export function showErrorsWhole(): void {
  RED.hooks.add("debugPostProcessMessage.cemm", ({ message, element, payload }: DebugMessage) => {
    if (message.level === undefined || !message.type?.startsWith("cemm-")) return;
    element.find(".red-ui-debug-msg-payload .red-ui-debug-msg-object-header").text(String(payload));
  });
}
