/** Labels hold the CEMM's name: they change with it, or when it goes. */
export function relabelUsers(): void {
  RED.events.on("nodes:change", relabel);
  RED.events.on("nodes:remove", relabel);
}

function relabel({ type, users = [] }: EditorNode): void {
  if (type !== "cemm-device") return;
  for (const user of users) Object.assign(user, { dirty: true, resize: true });
  RED.view.redraw();
}
