/** Tests the entered settings before a deploy: each route of the access, with the CEMM's answer. */

import { ask, type ListedMeter, type TestedRoute } from "../../../editor/admin.js";
import { onAsk, problemView } from "../../../editor/ask-button.js";
import { t } from "../../../editor/catalogue.js";
import { isBlank, isEnv } from "../../../editor/checks.js";
import { deviceForm } from "../../../editor/device-form.js";
import { duration, facts, headline, line, plainButton, versionOf } from "../../../editor/elements.js";
import { clearOnInput, currentText, setField } from "../../../editor/form.js";
import { meterText } from "../../../editor/meter.js";
import { parseHost } from "../../../lib/syntax.js";

export function prepareDeviceTest(node: EditorNode): void {
  clearOnInput(node, $("#cemm-result"));
  onAsk($("#cemm-test"), $("#cemm-result"), "lookup.testing", async () => {
    const { routes } = await ask("device/test", deviceForm(node));
    return $("<div>").append(routes.map((tested) => routeView(node, tested, routes.length === 1)));
  });
}

function routeView(node: EditorNode, tested: TestedRoute, isOnly: boolean): JQuery {
  const { route, error, other, ms, uid, host, name, meters, now } = tested;
  const view = $("<div>", { class: "cemm-route" });
  if (!isOnly) view.append($("<b>").text(t(`lookup.by.${route}`)));
  if (error) return view.append(problemView(error), other ? otherView(node, other) : []);
  if (host && isElsewhere(node, host)) view.append(movedView(node, host, other));
  else view.append(headline("check", facts(name ?? "CEMM", duration(ms)), "good"));
  if (now) view.append(line(t("lookup.now", { alias: now.alias, value: now.text }), "cemm-now"));
  view.append(line(facts(uid, host), "cemm-detail"), line(versionOf(tested), "cemm-detail"));
  return view.append(metersView(meters));
}

/** With a MAC address, a CEMM is also found at an address other than the entered one. */
function isElsewhere(node: EditorNode, host: string): boolean {
  const typed = currentText(node, "host");
  return !isBlank(typed) && !isEnv(typed) && parseHost(typed) !== host;
}

function movedView(node: EditorNode, host: string, other: string | undefined): JQuery {
  const typed = currentText(node, "host");
  const text = other ? t("lookup.taken", { other, typed, host }) : t("lookup.moved", { typed, host });
  const view = $("<div>", { class: "cemm-warning" }).append(headline("exclamation-triangle", text));
  return view.append(takeButton(node, "host", host));
}

/** The CEMM at the address may be the intended one. */
function otherView(node: EditorNode, other: string): JQuery {
  return $("<div>").append(line(t("lookup.other", { other })), takeButton(node, "uid", other));
}

function takeButton(node: EditorNode, field: "host" | "uid", value: string): JQuery {
  const button = plainButton().text(t("lookup.take", { value }));
  return button.on("click", () => setField(node, field, value));
}

function metersView(meters: ListedMeter[]): JQuery {
  if (meters.length === 0) return line(t("lookup.noMeters"));
  const list = $("<ul>", { "aria-label": t("lookup.meters") });
  for (const meter of meters) {
    const row = $("<li>").text(` ${meterText(meter)}`);
    if (meter.alias) row.prepend($("<code>").text(meter.alias));
    list.append(row);
  }
  return list;
}
