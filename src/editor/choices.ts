import { t } from "./catalogue.js";
import { headline, line } from "./elements.js";

interface Choice {
  title: string;
  detail: string;
  pick: () => void;
}

/** CEMMs to pick from; the picked one stays marked until {@link unmark}. */
export function choicesView(choices: Choice[]): JQuery {
  const list = $("<ul>", { class: "cemm-choices" });
  for (const { title, detail, pick } of choices) {
    const button = $("<button>", { type: "button", class: "cemm-choice", "aria-pressed": false });
    button.append($("<b>").text(title), line(detail, "cemm-detail"));
    button.on("click", () => {
      unmark(list);
      button.attr("aria-pressed", "true");
      pick();
    });
    list.append($("<li>").append(button));
  }
  return $("<div>").append(headline("check", t("lookup.pick", { number: choices.length }), "good"), list);
}

/** Unmarks an entry that no longer matches the fields. */
export function unmark(area: JQuery): void {
  area.find(".cemm-choice").attr("aria-pressed", "false");
}
