/** What the admin routes need of a CEMM, its account and a flow node: as typed in this editor, deployed or not. */
import { configNode } from "./checks.js";
import { current, currentText } from "./form.js";

type Fields = Record<string, unknown>;

/** What a form holds for a password that is stored: the runtime has it. */
const STORED = "__PWRD__";

/** Where a node stands: variables of the environment differ by tab, subflow and group. */
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
