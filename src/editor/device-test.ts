/** Tests what is entered, before it is deployed: each route that the access uses, with what the CEMM told. */
import { ask, type ListedMeter, type LiveValue, type TestedRoute } from "./admin.js";
import { onAsk, problemView } from "./ask-button.js";
import { t } from "./catalogue.js";
import { configNode } from "./checks.js";
import { duration, facts, headline, line } from "./elements.js";
import { clearOnInput, current, currentText, setField } from "./form.js";
import { meterText } from "./meter.js";

const FIELDS = ["name", "access", "host", "uid", "account", "timezone", "timeout"];

export function prepareDeviceTest(node: EditorNode): void {
  clearOnInput(node, $("#cemm-result"));
  onAsk($("#cemm-test"), $("#cemm-result"), "lookup.testing", async () => {
    const { ways } = await ask("device/test", typedValues(node, FIELDS));
    const view = $("<div>").append(ways.map((route) => routeView(node, route, ways.length === 1)));
    return isAccountChanged(node) ? view.append(line(t("lookup.stale"), "cemm-detail")) : view;
  });
}

/** The values of the dialog, as typed. */
export function typedValues(node: EditorNode, names: string[]): Record<string, string> {
  return Object.fromEntries([["id", node.id], ...names.map((name) => [name, currentText(node, name)])]);
}

/** The runtime knows an account as it was deployed, whatever was changed since. */
function isAccountChanged(node: EditorNode): boolean {
  return current(node, "access") !== "lan" && configNode(current(node, "account"))?.changed === true;
}

function routeView(node: EditorNode, route: TestedRoute, isOnly: boolean): JQuery {
  const { source, error, ms, uid, host, name, firmware, core, meters, now, found } = route;
  const view = $("<div>", { class: "cemm-way" });
  if (!isOnly) view.append($("<b>").text(t(`lookup.by.${source}`)));
  if (error && found) return view.append(movedView(node, found));
  if (error) return view.append(problemView(error));
  const version = [firmware && t("lookup.firmware", { firmware }), core && t("lookup.core", { core })];
  return view.append(
    headline("check", facts(name ?? "CEMM", duration(ms)), "good"),
    now ? line(liveText(now), "cemm-now") : "",
    line(facts(...version, uid, host), "cemm-detail"),
    metersView(meters),
  );
}

/** `p1: 161 W now` */
function liveText({ alias, value, unit }: LiveValue): string {
  return t("lookup.now", { alias, value: `${value} ${unit ?? ""}`.trim() });
}

/** Nothing usable at the address entered, but the CEMM is elsewhere: one click takes that. */
function movedView(node: EditorNode, { host, uid }: { host: string; uid: string }): JQuery {
  const take = $("<button>", { type: "button", class: "red-ui-button" }).text(t("lookup.take", { host }));
  take.on("click", () => {
    setField(node, "uid", uid);
    setField(node, "host", host);
  });
  const view = $("<div>", { class: "cemm-warning" });
  return view.append(headline("exclamation-triangle", t("lookup.moved", { host })), take);
}

function metersView(meters: ListedMeter[]): JQuery {
  if (meters.length === 0) return line(t("lookup.noMeters"));
  const list = $("<ul>", { class: "cemm-meters", "aria-label": t("lookup.meters") });
  for (const meter of meters) {
    const row = $("<li>").append(document.createTextNode(meterText(meter)));
    if (meter.alias) row.prepend($("<code>").text(meter.alias), document.createTextNode(" "));
    list.append(row);
  }
  return list;
}
