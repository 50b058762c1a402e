/** The results of a network search, to pick from. */
import type { FoundCemm } from "./admin.js";
import { choicesView } from "./choices.js";
import { facts, versionOf } from "./elements.js";

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
