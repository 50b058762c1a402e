import { line } from "./elements.js";

interface Choice {
  title: string;
  detail: string;
  pick: () => void;
}

/** A list to pick from; what is picked stays marked. */
export function choicesView(choices: Choice[]): JQuery {
  const list = $("<ul>", { class: "cemm-choices" });
  for (const { title, detail, pick } of choices) {
    const button = $("<button>", { type: "button", class: "cemm-choice", "aria-pressed": false });
    button.append($("<b>").text(title), line(detail, "cemm-detail"));
    button.on("click", () => {
      list.find("button").attr("aria-pressed", "false");
      button.attr("aria-pressed", "true");
      pick();
    });
    list.append($("<li>").append(button));
  }
  return list;
}
