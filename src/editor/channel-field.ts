/** The browser offers these names while a channel is typed. */
export function suggestChannels(names: () => readonly string[]): void {
  const list = $("#cemm-channels");
  $("#node-input-channel").on("focus", () => {
    list.empty().append(names().map((value) => $("<option>", { value })));
  });
}
