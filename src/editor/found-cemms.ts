/** CEMMs to pick from: those of a network search or of an account. */
import type { FoundCemm } from "./admin.js";
import { t } from "./catalogue.js";
import { facts, headline, line, versionOf } from "./elements.js";

export function foundView(cemms: FoundCemm[], pick: (cemm: FoundCemm) => void): JQuery {
  return choicesView(
    cemms.map((cemm) => ({ title: facts(nameOf(cemm), cemm.host), detail: detailOf(cemm), pick: () => pick(cemm) })),
  );
}

/** Its name, else its model: `CEMM Basic` for `CEMM_basic`. */
export function nameOf({ name, model }: FoundCemm): string {
  return name ?? modelName(model) ?? "CEMM";
}

function modelName(model: string | null): string | undefined {
  return model?.replace(/_([a-z])/g, (_, letter) => ` ${letter.toUpperCase()}`);
}

function detailOf(cemm: FoundCemm): string {
  const model = modelName(cemm.model);
  return facts(model !== nameOf(cemm) && model, cemm.uid, versionOf(cemm));
}

interface Choice {
  title: string;
  detail: string;
  pick: () => void;
}

/** The picked one stays marked until {@link unmark}. */
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
