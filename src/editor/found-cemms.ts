/** The results of a network search, to pick from. */
import type { FoundCemm } from "./admin.js";
import { t } from "./catalogue.js";
import { choicesView } from "./choices.js";
import { facts, headline, versionOf } from "./elements.js";

export function foundView(cemms: FoundCemm[], pick: (cemm: FoundCemm) => void): JQuery {
  const choices = cemms.map((cemm) => ({
    title: facts(nameOf(cemm), cemm.host),
    detail: detailOf(cemm),
    pick: () => pick(cemm),
  }));
  return $("<div>").append(headline("check", t("lookup.pick", { number: cemms.length }), "good"), choicesView(choices));
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
