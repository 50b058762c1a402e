/** A button that sends a request to the runtime, and the area for its result. */
import { toProblem } from "./admin.js";
import { type Key, t, textAt } from "./catalogue.js";
import { headline, line, withIcon } from "./elements.js";
import { whenReleased } from "./pointer.js";

/** Space below a result, in px. */
const MARGIN = 30;

/** Sends one request at a time, and shows `busy` until there is an answer. */
export function onAsk(button: JQuery, area: JQuery, busy: Key, ask: () => Promise<JQuery>): void {
  button.on("click", () => {
    if (button.prop("disabled")) return;
    button.prop("disabled", true);
    // If the replaced content had the focus, the area gets it.
    if (area.find(":focus").length > 0) area.attr("tabindex", -1).trigger("focus");
    const waiting = busyView(busy);
    area.empty().append(waiting);
    const show = (view: JQuery) => {
      button.prop("disabled", false);
      // The area is gone if a field was changed meanwhile; then the answer is outdated.
      waiting.replaceWith(view);
      reveal(view);
    };
    const reply = (view: JQuery) => whenReleased(() => show(view));
    ask().then(reply, (error) => reply(problemView(error)));
  });
}

/** Scrolls the dialog down, keeping the view's first line visible. */
function reveal(view: JQuery): void {
  const content = view.closest(".red-ui-tray-content");
  const [box, frame] = [view.get(0)?.getBoundingClientRect(), content.get(0)?.getBoundingClientRect()];
  if (!box || !frame) return;
  const hidden = Math.min(box.bottom + MARGIN - frame.bottom, box.top - frame.top);
  if (hidden > 0) content.scrollTop((content.scrollTop() ?? 0) + hidden);
}

function busyView(busy: Key): JQuery {
  return withIcon($("<div>", { class: "cemm-busy" }), "spinner fa-spin", t(busy));
}

/** What is wrong, what to do, and the runtime's own message. */
export function problemView(error: unknown): JQuery {
  const { code, message } = toProblem(error);
  const view = $("<div>", { class: "cemm-bad" });
  view.append(headline("exclamation-triangle", textAt("problem", `${code}.what`) ?? code));
  view.append(line(textAt("problem", `${code}.todo`) ?? ""));
  return message ? view.append(line(message, "cemm-detail")) : view;
}
