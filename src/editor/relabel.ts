/** Labels contain the CEMM's name, so they change with it and when it is deleted. */
export function relabelUsers(): void {
  RED.events.on("nodes:change", relabel);
  RED.events.on("nodes:remove", relabel);
}

function relabel({ type, users = [] }: EditorNode): void {
  if (type !== "cemm-device") return;
  for (const user of users) Object.assign(user, { dirty: true, resize: true });
  RED.view.redraw();
}
