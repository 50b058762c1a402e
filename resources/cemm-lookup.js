/** Search, look-up and test: what the two config dialogs ask the runtime, and how they show what it tells. */
(() => {
  const t = (...values) => CEMM.t(...values);
  const icon = (name) => $("<i>", { class: `fa fa-${name}`, "aria-hidden": true });
  const line = (text, cls) => $("<div>", { class: cls }).text(text);
  /** Several facts in one line; those that are not known are left out. */
  const facts = (...all) => all.filter((fact) => fact !== undefined && fact !== null && fact !== "").join(" · ");
  const took = (ms) =>
    ms < 1000 ? `${ms} ms` : `${(ms / 1000).toLocaleString(undefined, { maximumFractionDigits: 1 })} s`;

  /** A button that asks: busy until there is an answer, and one question at a time. */
  function onAsk(button, area, busyText, ask) {
    button.on("click", async () => {
      if (button.prop("disabled")) return;
      button.prop("disabled", true);
      // Who asked from within what is now replaced goes on from there.
      if (area.find(document.activeElement).length > 0) area.attr("tabindex", -1).trigger("focus");
      area
        .empty()
        .append(
          $("<div>", { class: "cemm-busy" }).append(icon("spinner fa-spin"), document.createTextNode(` ${busyText}`)),
        );
      try {
        const told = await ask();
        area.empty().append(told);
      } catch (problem) {
        area.empty().append(problemView(problem));
      } finally {
        button.prop("disabled", false);
      }
    });
  }

  /** What is wrong, what to do, and the runtime's own words for it. */
  function problemView({ code, message }) {
    const view = $("<div>", { class: "cemm-bad" });
    view.append(
      $("<div>", { class: "cemm-head" }).append(
        icon("exclamation-triangle"),
        document.createTextNode(` ${t(`problem.${code}.what`)}`),
      ),
    );
    view.append(line(t(`problem.${code}.todo`)));
    if (message) view.append(line(message, "cemm-detail"));
    return view;
  }

  const goodHead = (text) =>
    $("<div>", { class: "cemm-head cemm-good" }).append(icon("check"), document.createTextNode(` ${text}`));

  function fill(node, name, value) {
    CEMM.fieldOf(node, name).val(value).trigger("change");
  }

  /** The values of the dialog, as typed. */
  function typed(node, ...names) {
    return Object.fromEntries([["id", node.id], ...names.map((name) => [name, CEMM.fieldOf(node, name).val() ?? ""])]);
  }

  // ---- finding a CEMM -------------------------------------------------------------------------------------------

  /** A list to pick from; what is picked stays marked. */
  function choices(items) {
    const list = $("<ul>", { class: "cemm-choices" });
    for (const { title, detail, pick } of items) {
      const button = $("<button>", { type: "button", class: "cemm-choice", "aria-pressed": false });
      button.append($("<b>").text(title), line(detail, "cemm-detail"));
      button.on("click", () => {
        list.find("button").attr("aria-pressed", false);
        button.attr("aria-pressed", true);
        pick();
      });
      list.append($("<li>").append(button));
    }
    return list;
  }

  function foundView(node, { cemms, tried, port }) {
    if (cemms.length === 0) return nothingView(node, tried, port);
    const items = cemms.map(({ name, model, core, firmware, host, mac, uid }) => ({
      title: facts(name ?? model ?? "CEMM", host),
      detail: facts(model, mac, firmware && t("lookup.firmware", { firmware }), core && t("lookup.core", { core })),
      pick: () => {
        fill(node, "host", host);
        fill(node, "uid", uid);
        if (!CEMM.fieldOf(node, "name").val()) fill(node, "name", name ?? model ?? "");
      },
    }));
    return $("<div>").append(goodHead(t("lookup.pick", { number: cemms.length })), choices(items));
  }

  /** Why a search finds nothing, and a way to search elsewhere. */
  function nothingView(node, tried, port) {
    const view = $("<div>", { class: "cemm-bad" }).append(
      $("<div>", { class: "cemm-head" }).append(icon("search"), document.createTextNode(` ${t("lookup.nothing")}`)),
    );
    const reasons = ["docker", "vlan", "core", "off"].map((reason) => $("<li>").text(t(`lookup.why.${reason}`)));
    view.append($("<ul>").append(reasons));
    view.append(line(t("lookup.tried", { addresses: tried.join(", ") || "–", port }), "cemm-detail"));
    view.append(line(t("lookup.byHand")));
    const id = "cemm-broadcast";
    const elsewhere = $("<input>", { type: "text", id, placeholder: "192.168.1.255" });
    const again = $("<button>", { type: "button", class: "red-ui-button", id: "cemm-search-again" }).text(
      t("lookup.again"),
    );
    elsewhere.on("keydown", (event) => {
      if (event.key !== "Enter") return;
      event.preventDefault();
      // Later: Node-RED still looks at the field, which the search takes away.
      setTimeout(() => again.trigger("click"));
    });
    onAsk(again, $("#cemm-found"), t("lookup.searching"), async () =>
      foundView(node, await CEMM.ask("search", { broadcast: elsewhere.val() })),
    );
    return view.append(
      $("<div>", { class: "cemm-elsewhere" }).append(
        $("<label>", { for: id }).text(t("lookup.elsewhere")),
        elsewhere,
        again,
      ),
    );
  }

  function accountView(node, { uids }) {
    if (uids.length === 0) return line(t("lookup.noCemms"), "cemm-bad");
    const items = uids.map((uid) => ({ title: uid, detail: "", pick: () => fill(node, "uid", uid) }));
    return $("<div>").append(goodHead(t("lookup.pick", { number: uids.length })), choices(items));
  }

  // ---- testing --------------------------------------------------------------------------------------------------

  function wayView({ source, error, ms, uid, host, name, firmware, core, meters }, isOnly) {
    const view = $("<div>", { class: "cemm-way" });
    if (!isOnly) view.append($("<b>").text(t(`lookup.by.${source}`)));
    if (error) return view.append(problemView(error));
    view.append(goodHead(facts(name ?? "CEMM", took(ms))));
    const version = [firmware && t("lookup.firmware", { firmware }), core && t("lookup.core", { core })];
    view.append(line(facts(...version, uid, host), "cemm-detail"));
    return view.append(metersView(meters));
  }

  function metersView(meters) {
    if (meters.length === 0) return line(t("lookup.noMeters"));
    const list = $("<ul>", { class: "cemm-meters", "aria-label": t("lookup.meters") });
    for (const { alias, type, port } of meters) {
      const row = $("<li>").append(document.createTextNode(CEMM.meterText({ type, port })));
      if (alias) row.prepend($("<code>").text(alias), document.createTextNode(" "));
      list.append(row);
    }
    return list;
  }

  function testView({ ways }, note) {
    const view = $("<div>").append(ways.map((way) => wayView(way, ways.length === 1)));
    return note ? view.append(line(note, "cemm-detail")) : view;
  }

  /** The runtime knows an account as it was deployed, whatever was changed since. */
  function staleNote(node) {
    const account = RED.nodes.node(CEMM.fieldOf(node, "account").val());
    return CEMM.current(node, "access") !== "lan" && account?.changed ? t("lookup.stale") : "";
  }

  // ---- the two dialogs ------------------------------------------------------------------------------------------

  const DEVICE = ["name", "access", "host", "uid", "account", "timezone", "timeout"];

  function showWhatApplies(node) {
    const access = CEMM.current(node, "access");
    const hasAccount = Boolean(RED.nodes.node(CEMM.current(node, "account")));
    const form = CEMM.formOf(node);
    form.find(".cemm-cloud").toggle(access !== "lan");
    form.find(".cemm-lan").toggle(access !== "cloud");
    $("#cemm-lookup").prop("disabled", !hasAccount);
    $("#cemm-why-uid").text(t(`lookup.uid.${access}`));
    CEMM.fieldOf(node, "account").trigger("cemm-check");
  }

  function device(node) {
    const found = $("#cemm-found");
    onAsk($("#cemm-search"), found, t("lookup.searching"), async () => foundView(node, await CEMM.ask("search", {})));
    onAsk($("#cemm-lookup"), found, t("lookup.asking"), async () =>
      accountView(node, await CEMM.ask("account/cemms", typed(node, "account"))),
    );
    onAsk($("#cemm-test"), $("#cemm-result"), t("lookup.testing"), async () =>
      testView(await CEMM.ask("device/test", typed(node, ...DEVICE)), staleNote(node)),
    );
    const show = () => showWhatApplies(node);
    CEMM.fieldOf(node, "access").on("change", () => {
      $("#cemm-found, #cemm-result").empty();
      show();
    });
    CEMM.fieldOf(node, "account").on("change", show);
    // Node-RED makes the account's list after this.
    setTimeout(show);
  }

  function account(node) {
    onAsk($("#cemm-test"), $("#cemm-result"), t("lookup.testing"), async () => {
      const { uids, ms } = await CEMM.ask("account/test", typed(node, "name", "baseUrl", "apiKey"));
      const list = $("<ul>").append(uids.map((uid) => $("<li>").text(uid)));
      return $("<div>").append(goodHead(facts(t("lookup.keyWorks", { number: uids.length }), took(ms))), list);
    });
  }

  window.CEMM = {
    ...window.CEMM,
    lookup: { device, account },
  };
})();
