/**
 * What the dialogs of all CEMM nodes share. Every node's html loads it, so what acts does so once.
 * Text from a device or a person is only ever set with `.text()`.
 */
(() => {
  const CATALOGUE = "node-red-contrib-cemm/cemm-device:";
  const FOLDER = "resources/node-red-contrib-cemm/";
  const TYPED = ["msg", "flow", "global", "env", "jsonata"];

  /** The text of a key of the shared catalogue, in the editor's language. */
  const t = (key, values) => RED._(CATALOGUE + key, values);

  /** Loaded once, however often this file is. */
  function loadStyle() {
    if (document.getElementById("cemm-style")) return;
    const href = `${RED.settings.apiRootUrl ?? ""}${FOLDER}cemm-editor.css`;
    $("<link>", { id: "cemm-style", rel: "stylesheet", href }).appendTo("head");
  }

  // ---- what is typed -------------------------------------------------------------------------------------------

  const isConfig = (node) => node._def?.category === "config";
  const fieldOf = (node, name) => $(`#node-${isConfig(node) ? "config-" : ""}input-${name}`);
  const formOf = (node) => $(isConfig(node) ? "#node-config-dialog-edit-form" : "#dialog-form");

  /** A property as the open dialog shows it, else as the node has it. */
  function current(node, name) {
    const form = formOf(node);
    const field = form.data("cemm-node") === node.id ? form.find(fieldOf(node, name)) : $();
    if (field.length === 0) return node[name];
    return field.is(":checkbox") ? field.prop("checked") : field.val();
  }

  const isEnv = (value) => /^\$\{[^}]+\}$/.test(String(value ?? ""));

  // ---- what can be used: true, or what is wrong with it ---------------------------------------------------------

  const isBlank = (value) => value === undefined || value === null || String(value).trim() === "";
  const ruled = (isGood, key, values) => isGood || t(`wrong.${key}`, values);
  const isUid = (text) =>
    /^\s*([0-9a-f]{2}([:\- ])[0-9a-f]{2}(\2[0-9a-f]{2}){4}|([0-9a-f]{4}\.){2}[0-9a-f]{4}|[0-9a-f]{12})\s*$/i.test(text);

  function isHost(text) {
    const bare = String(text)
      .trim()
      .replace(/^http:\/\//i, "")
      .replace(/\/+$/, "");
    const host = /^[0-9a-f:]+:[0-9a-f:]*$/i.test(bare) && bare.split(":").length > 2 ? `[${bare}]` : bare;
    return /^[^\s/?#@]+$/.test(host) && URL.canParse(`http://${host}`);
  }

  /** A number, or a date that the calendar has, alone or with a time. */
  function isTime(text) {
    const plain = text.trim();
    if (/^\d{9,}(\.\d+)?$/.test(plain)) return true;
    const [date] = /^\d{4}(-\d{2}(-\d{2}(?=$|[T ]\d))?)?/.exec(plain) ?? [];
    if (!date || (date.length < 10 && date !== plain)) return false;
    const day = new Date(`${date}${"-01-01".slice(date.length - 4)}T00:00:00Z`);
    return !Number.isNaN(day.getTime()) && day.toISOString().startsWith(date);
  }

  const isIPv4 = (text) =>
    /^(\d{1,3})(\.\d{1,3}){3}$/.test(text) && text.split(".").every((byte) => Number(byte) < 256);
  const isLoopback = (host) => /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/i.test(host);

  function isZone(timezone) {
    try {
      return Boolean(new Intl.DateTimeFormat("en", { timeZone: timezone }));
    } catch {
      return false;
    }
  }

  /** A typed value: `check` decides for text, Node-RED for all other types. */
  function typed(value, type, check) {
    if (type === undefined || type === "" || type === "str") return isEnv(value) || check(String(value ?? ""));
    return RED.utils.validateTypedProperty(value, type, {});
  }

  const check = {
    alias: (value, type) => typed(value, type, (text) => ruled(/^[a-z0-9-]{1,64}$/.test(text), "alias")),
    target: (value, type) =>
      typed(value, type, (text) => ruled(isBlank(text) || isUid(text) || isHost(text), "target")),
    time(value, type) {
      if (["now", "previous", "none"].includes(type)) return true;
      if (type === "ago") return isEnv(value) || ruled(/^\d{0,5}$/.test(String(value)), "ago");
      return typed(value, type, (text) => ruled(isTime(text), "time"));
    },
    host(value) {
      if (isBlank(value) || isEnv(value)) return true;
      return ruled(isHost(value), /^\s*https:/i.test(value) ? "hostHttps" : "host");
    },
    uid: (value) => isBlank(value) || isEnv(value) || ruled(isUid(value), "uid"),
    timezone: (value) => isBlank(value) || isEnv(value) || ruled(isZone(value), "timezone"),
    number(value, least, most) {
      if (isBlank(value) || isEnv(value)) return true;
      return ruled(Number(value) >= least && Number(value) <= most, "number", { least, most });
    },
    port: (value) =>
      isBlank(value) || isEnv(value) || ruled(/^\d{1,5}$/.test(value) && value >= 1 && value <= 65535, "port"),
    broadcast(value) {
      if (isBlank(value) || isEnv(value)) return true;
      return ruled(
        String(value)
          .split(",")
          .every((address) => isIPv4(address.trim())),
        "broadcast",
      );
    },
    baseUrl(value) {
      if (isBlank(value) || isEnv(value)) return true;
      const url = URL.canParse(value) ? new URL(value) : undefined;
      if (!url || !/^https?:$/.test(url.protocol) || url.username || url.search || url.hash) return t("wrong.baseUrl");
      return ruled(url.protocol === "https:" || isLoopback(url.hostname), "http");
    },
    account: (value, isNeeded) => !isNeeded || configNode(value, value, "account"),
    device: (node, value) => configNode(value, node.device, "device"),
  };

  /** A config node that is chosen, is there and is complete; `was` is what was chosen when the dialog opened. */
  function configNode(value, was, kind) {
    const isChosen = !isBlank(value) && value !== "_ADD_";
    const chosen = isChosen ? RED.nodes.node(value) : null;
    if (chosen) return chosen.valid !== false || t(`wrong.${kind}.invalid`);
    const isGone = isChosen || (!isBlank(was) && was !== "_ADD_" && !RED.nodes.node(was));
    return t(`wrong.${kind}.${isGone ? "gone" : "none"}`);
  }

  // ---- how a node calls itself ----------------------------------------------------------------------------------

  const labelOf = (node) => RED.utils.getNodeLabel(node, node.id);

  /** `House · p1`; what it lacks, where the CEMM is gone. */
  function label(node) {
    if (node.name) return node.name;
    if (!node.device) return node._("label.palette");
    const device = RED.nodes.node(node.device);
    const parts = [device ? labelOf(device) : t("label.missing"), aliasLabel(node)];
    if (node.type === "cemm-totals") parts.push(t("label.readings"));
    if (node.type === "cemm-history" && node.periodType === "str") parts.push(t(`period.${node.period}`));
    return parts.join(" · ");
  }

  function aliasLabel({ alias, aliasType }) {
    if (!aliasType || aliasType === "str") return alias;
    return aliasType === "jsonata" ? "(…)" : `${aliasType}.${alias}`;
  }

  /** What comes out, in a few words. */
  function outputLabel(node) {
    if (node.type === "cemm-discover") return t(node.deliver === "each" ? "output.cemm" : "output.cemms");
    if (node.split && ["values", "measurements"].includes(node.format)) return t(`output.${node.format}Split`);
    return t(`output.${node.format}`);
  }

  /** Labels hold the CEMM's name: they change with it, or when it goes. */
  function relabel({ type, users = [] }) {
    if (type !== "cemm-device") return;
    for (const user of users) Object.assign(user, { dirty: true, resize: true });
    RED.view.redraw();
  }

  if (!window.CEMM?.t) {
    RED.events.on("nodes:change", relabel);
    RED.events.on("nodes:remove", relabel);
  }

  // ---- the runtime ----------------------------------------------------------------------------------------------

  /**
   * Asks an admin route. The address is relative, so that Node-RED adds its root and the login.
   * Rejects with `{ code, message }`; the code is one that the catalogue has a text for.
   */
  function ask(path, body) {
    const options = { method: "POST", contentType: "application/json", timeout: 30_000, data: JSON.stringify(body) };
    return new Promise((resolve, reject) => {
      $.ajax(`cemm/${path}`, options)
        .done(resolve)
        .fail((xhr) => reject(problemOf(xhr)));
    });
  }

  function problemOf({ status, responseJSON: told }) {
    if (status === 401 || status === 403) return { code: "login" };
    if (typeof told?.code !== "string") return { code: "offline" };
    return { code: told.code, message: String(told.message ?? "") };
  }

  // ---- fields ---------------------------------------------------------------------------------------------------

  /** Turns a field and its hidden type field into a typed input that screen readers know by its label. */
  function typedInput(name, types, fallback) {
    const field = $(`#node-input-${name}`);
    const type = $(`#node-input-${name}Type`);
    if (type.val() === "") type.val(fallback);
    // A share, so that it follows the sidebar as the other fields do.
    field.css("width", "70%");
    field.typedInput({ types, typeField: type, default: fallback });
    // Node-RED translates the labels after this.
    setTimeout(() => nameParts(field));
    return field;
  }

  /** A typed input hides the field that the label is for: its parts are named after the label themselves. */
  function nameParts(field) {
    const caption = field.closest(".form-row").children("label").text().trim();
    const container = field.next(".red-ui-typedInput-container");
    container.find("input.red-ui-typedInput-input").attr("aria-label", caption);
    container.find(".red-ui-typedInput-type-select").attr("aria-label", t("field.typeOf", { field: caption }));
    container.find(".red-ui-typedInput-option-trigger").attr("aria-label", caption);
    container.find(".red-ui-typedInput-option-expand").attr("aria-label", t("field.choose", { field: caption }));
  }

  /** Says beside each field what is wrong with it, as long as it is. */
  function showProblems(node) {
    for (const [name, { validate }] of Object.entries(node._def.defaults)) {
      if (!validate) continue;
      const field = fieldOf(node, name);
      const id = `cemm-problem-${name}`;
      const problem = $("<div>", { id, class: "cemm-problem", role: "alert" }).appendTo(field.closest(".form-row"));
      const input = () => field.next(".red-ui-typedInput-container").find("input").add(field);
      const show = () => {
        const verdict = validate.call(node, field.val(), {});
        problem.text(typeof verdict === "string" ? verdict : "").toggle(typeof verdict === "string");
        input().attr({ "aria-invalid": verdict !== true, "aria-describedby": id });
      };
      field.on("change keyup paste cemm-check", show);
      show();
    }
  }

  /** Marks the open form as this node's, so that {@link current} reads it. */
  function claim(node) {
    loadStyle();
    formOf(node).data("cemm-node", node.id).addClass("cemm-form");
  }

  function config(node) {
    claim(node);
    setTimeout(() => showProblems(node));
  }

  const textType = (more) => ({ value: "str", label: t("type.text"), icon: "red/images/typedInput/az.svg", ...more });

  /** The fields that all three flow nodes with a meter share. */
  function flow(node) {
    claim(node);
    typedInput("alias", [CEMM.aliasType(node), ...TYPED], "str");
    typedInput("target", [textType(), ...TYPED], "str");
    $("#node-input-format, #node-input-split").on("change", () => showExample(node));
    showExample(node);
    setTimeout(() => showProblems(node));
  }

  function showExample(node) {
    const format = current(node, "format");
    const canSplit = ["values", "measurements"].includes(format);
    $(".cemm-split").toggle(canSplit);
    if (node.type === "cemm-history" && format === "raw") return $("#cemm-example").text(t("example.rawHistory"));
    const isSplit = canSplit && current(node, "split");
    return $("#cemm-example").text(t(`example.${format}${isSplit ? "Split" : ""}`));
  }

  function discover(node) {
    claim(node);
    const show = () => {
      const isCloud = current(node, "source") === "cloud";
      formOf(node).find(".cemm-cloud").toggle(isCloud);
      formOf(node).find(".cemm-lan").toggle(!isCloud);
      fieldOf(node, "account").trigger("cemm-check");
    };
    const showPayload = () => {
      const cemm = t(current(node, "source") === "cloud" ? "example.cemmCloud" : "example.cemm");
      $("#cemm-example").text(current(node, "deliver") === "each" ? cemm : `[${cemm}, …]`);
    };
    $("#node-input-source").on("change", show);
    $("#node-input-source, #node-input-deliver").on("change", showPayload);
    show();
    showPayload();
    setTimeout(() => showProblems(node));
  }

  window.CEMM = {
    ...window.CEMM,
    t,
    ask,
    check,
    current,
    label,
    outputLabel,
    typedInput,
    config,
    flow,
    discover,
    isEnv,
    fieldOf,
    formOf,
    textType,
    TYPED,
  };
})();
