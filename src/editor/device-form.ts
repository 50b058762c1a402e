/** What the admin routes need of a CEMM, as the editor holds it: whether or not it is deployed. */
export function deviceForm(device: EditorNode): Record<string, unknown> {
  const { id, name, access, host, uid, account, timezone, timeout } = device;
  return { id, name, access, host, uid, account, timezone, timeout };
}
