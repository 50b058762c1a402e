import { current, fieldOf } from "./form.js";
import { watchPointer, whenReleased } from "./pointer.js";

/** Shows beside each field what is wrong with it. A `cemm-check` event checks again. */
export function showProblems(node: EditorNode): void {
  watchPointer();
  for (const [name, { validate }] of Object.entries({ ...node._def.defaults, ...node._def.credentials })) {
    if (validate) showProblem(node, name, (value) => validate.call(node, value, {}));
  }
}

/** Whether all fields of the dialog are valid. */
export function isValid(node: EditorNode): boolean {
  const properties = Object.entries(node._def.defaults);
  return properties.every(([name, { validate }]) => (validate?.call(node, current(node, name), {}) ?? true) === true);
}

function showProblem(node: EditorNode, name: string, validate: (value: unknown) => Verdict): void {
  const field = fieldOf(node, name);
  const id = `cemm-problem-${name}`;
  const problem = $("<div>", { id, class: "cemm-problem", role: "alert" }).appendTo(field.closest(".form-row"));
  const show = () => {
    const verdict = validate(field.val());
    const isWrong = typeof verdict === "string";
    problem.text(isWrong ? verdict : "").toggle(isWrong);
    if (isWrong) field.closest("details").prop("open", true);
    const inputs = field.next(".red-ui-typedInput-container").find("input").add(field);
    inputs.attr({ "aria-invalid": String(isWrong), "aria-describedby": id });
  };
  field.on("change keyup paste cemm-check", () => whenReleased(show));
  show();
}
