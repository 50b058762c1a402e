/** The forms of a CEMM, its account and a flow node for the admin routes: as typed in this editor, deployed or not. */
import { configNode } from "./checks.js";
import { current, currentText } from "./form.js";

type Fields = Record<string, unknown>;

/** The placeholder of a stored password, which only the runtime has. */
const STORED = "__PWRD__";

/** The position of a node: environment variables differ by tab, subflow and group. */
export function placeOf({ id, z, g }: EditorNode): Fields {
  return { id, z, g };
}

export function deviceForm(device: EditorNode): Fields {
  const account = configNode(current(device, "account"));
  const fields = fieldsOf(device, ["name", "access", "host", "uid", "timezone", "timeout"]);
  return { ...fields, ...(account && { account: accountForm(account) }) };
}

/** With the key as typed since the last deploy. */
export function accountForm(account: EditorNode): Fields {
  const apiKey = current(account, "apiKey") ?? account.credentials?.apiKey ?? STORED;
  return { ...fieldsOf(account, ["name", "baseUrl", "concurrency"]), apiKey };
}

function fieldsOf(node: EditorNode, names: string[]): Fields {
  return { ...placeOf(node), ...Object.fromEntries(names.map((name) => [name, currentText(node, name)])) };
}
