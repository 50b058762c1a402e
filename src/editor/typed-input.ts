/** Typed inputs: values that come from text, the message, context, the environment or an expression. */
import { t } from "./catalogue.js";
import { afterNodeRed } from "./form.js";

/** Offered for every value that may differ from message to message. */
export const MESSAGE_TYPES: TypedInputChoice[] = ["msg", "flow", "global", "env", "jsonata"];

export function textType(more?: Partial<TypedInputType>): TypedInputType {
  return { value: "str", label: t("type.text"), icon: "red/images/typedInput/az.svg", ...more };
}

/** Turns a field and its hidden type field into a typed input that screen readers know by its label. */
export function makeTypedInput(name: string, types: TypedInputChoice[], fallback: string): JQuery {
  const field = $(`#node-input-${name}`);
  const type = $(`#node-input-${name}Type`);
  if (type.val() === "") type.val(fallback);
  // A percentage, so that it follows the sidebar like the other fields.
  field.css("width", "70%");
  field.typedInput({ types, typeField: type, default: fallback });
  afterNodeRed(() => nameParts(field));
  return field;
}

/** A typed input hides the labelled field, so its parts get the label's name. */
function nameParts(field: JQuery): void {
  const caption = field.closest(".form-row").children("label").text().trim();
  const container = field.next(".red-ui-typedInput-container");
  container.find("input.red-ui-typedInput-input").attr("aria-label", caption);
  container.find(".red-ui-typedInput-type-select").attr("aria-label", t("field.typeOf", { field: caption }));
  container.find(".red-ui-typedInput-option-trigger").attr("aria-label", caption);
  container.find(".red-ui-typedInput-option-expand").attr("aria-label", t("field.choose", { field: caption }));
}
