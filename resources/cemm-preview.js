/** The period, time and range of history and totals: readable choices, and a line that says what will be asked. */
(() => {
  const t = (...values) => CEMM.t(...values);
  const UNITS = ["day", "month", "year"];
  const MOST = 4000;

  // ---- dates, as year, month and day of the meter's time zone; kept as UTC so that no zone of the browser meddles ----

  function dateIn(instant, timezone) {
    const numeric = { year: "numeric", month: "2-digit", day: "2-digit" };
    // The Canadian way to write a date is ISO's.
    return new Date(
      `${new Intl.DateTimeFormat("en-CA", { timeZone: timezone, ...numeric }).format(instant)}T00:00:00Z`,
    );
  }

  /** The first day of the period of `unit` in which `date` lies, `back` periods earlier. */
  function firstOf(unit, date, back = 0) {
    const [year, month, day] = [date.getUTCFullYear(), date.getUTCMonth(), date.getUTCDate()];
    if (unit === "day") return new Date(Date.UTC(year, month, day - back));
    return unit === "month" ? new Date(Date.UTC(year, month - back, 1)) : new Date(Date.UTC(year - back, 0, 1));
  }

  const nameOf = (unit, date) => date.toISOString().slice(0, { day: 10, month: 7, year: 4 }[unit]);

  function count(unit, from, to) {
    if (unit === "day") return Math.round((to - from) / 86_400_000) + 1;
    const months = (to.getUTCFullYear() - from.getUTCFullYear()) * 12 + to.getUTCMonth() - from.getUTCMonth();
    return (unit === "month" ? months : months / 12) + 1;
  }

  /** The day that a typed text or number means; undefined where it means none. */
  function readDate(value, timezone) {
    const text = String(value).trim();
    if (CEMM.check.time(text, "str") !== true) return undefined;
    if (/^\d{4}(-\d{2}){0,2}$/.test(text)) return new Date(`${text}${"-01-01".slice(text.length - 4)}T00:00:00Z`);
    if (/^[\d.]+$/.test(text)) return dateIn(Number(text) < 1e11 ? text * 1000 : Number(text), timezone);
    // Without an offset it is the clock on the wall: its date is the day.
    if (!/(z|[+-]\d{2}(:?\d{2})?)$/i.test(text)) return new Date(`${text.slice(0, 10)}T00:00:00Z`);
    const instant = Date.parse(text.replace(" ", "T"));
    return Number.isNaN(instant) ? undefined : dateIn(instant, timezone);
  }

  /** What a field means: a date, or `{ later }` for what only a message tells. */
  function meant(value, type, unit, timezone) {
    const back = { now: 0, previous: 1 }[type];
    if (back !== undefined) return { date: firstOf(unit, dateIn(Date.now(), timezone), back) };
    if (type === "ago") {
      if (!/^\d{0,5}$/.test(value)) return CEMM.isEnv(value) ? { later: value } : {};
      return { date: firstOf(unit, dateIn(Date.now(), timezone), Number(value || 0)) };
    }
    if (type !== "str" && type !== "num")
      return { later: type === "jsonata" ? t("preview.jsonata") : `${type}.${value}` };
    if (CEMM.isEnv(value)) return { later: value };
    const date = readDate(value, timezone);
    return date ? { date: firstOf(unit, date) } : {};
  }

  // ---- in plain words -------------------------------------------------------------------------------------------

  function wordFor(unit, date, timezone) {
    const today = dateIn(Date.now(), timezone);
    const back = [0, 1].find((n) => firstOf(unit, today, n).getTime() === date.getTime());
    const name = nameOf(unit, date);
    return back === undefined ? name : t(`preview.${unit}${back}`, { name });
  }

  /** What the node will ask for, in one line; `""` where a field cannot be read, which says so itself. */
  function describe({ unit, from, to, deliver, timezone }) {
    if (!unit) return t("preview.unitLater");
    const first = meant(from.value, from.type, unit, timezone);
    const isRange = to !== undefined && to.type !== "none";
    const last = isRange ? meant(to.value, to.type, unit, timezone) : first;
    if (!(first.date || first.later) || !(last.date || last.later)) return "";
    if (!isRange)
      return first.later ? t(`preview.${unit}Later`, { source: first.later }) : wordFor(unit, first.date, timezone);
    if (first.later || last.later) return openRange(unit, first, last, deliver);
    const number = count(unit, first.date, last.date);
    if (number < 1) return t("preview.backwards");
    if (number > MOST) return t("preview.tooMany", { number, most: MOST });
    return t(`preview.range.${deliver}`, {
      from: nameOf(unit, first.date),
      to: nameOf(unit, last.date),
      number: amount(unit, number),
    });
  }

  const amount = (unit, number) => t(`preview.${unit}${number === 1 ? "" : "s"}`, { number });

  function openRange(unit, first, last, deliver) {
    const words = ({ date, later }) => later ?? nameOf(unit, date);
    return t(`preview.range.${deliver}`, { from: words(first), to: words(last), number: t("preview.open") });
  }

  // ---- the fields -----------------------------------------------------------------------------------------------

  function timeTypes(unit) {
    return [
      { value: "now", label: t(`time.now.${unit ?? "any"}`), hasValue: false },
      { value: "previous", label: t(`time.previous.${unit ?? "any"}`), hasValue: false },
      { value: "ago", label: t(`time.ago.${unit ?? "any"}`), default: "2" },
      { value: "str", label: t("time.date"), expand: datePicker(unit) },
      "num",
      ...CEMM.TYPED,
    ];
  }

  /** Opens the browser's own calendar, and writes what was picked the way the period needs it. */
  function datePicker(unit = "day") {
    function expand() {
      const picker = $("<input>", {
        type: unit === "day" ? "date" : "month",
        class: "cemm-picker",
        "aria-label": t("time.pick"),
      });
      picker.appendTo(this.uiSelect);
      picker.on("change", () => this.value(picker.val().slice(0, unit === "year" ? 4 : 10)));
      picker.on("blur", () => picker.remove());
      picker.trigger("focus");
      picker[0].showPicker?.();
    }
    return Object.assign(expand, { icon: "fa-calendar" });
  }

  const periodTypes = () => [
    {
      value: "str",
      label: t("type.period"),
      icon: "fa fa-calendar",
      options: UNITS.map((value) => ({ value, label: t(`period.${value}`) })),
    },
    ...CEMM.TYPED,
  ];

  /** The unit that the dialog shows; undefined where only a message tells it. */
  function unitOf(node) {
    if (node.type === "cemm-totals") return "day";
    const unit = CEMM.current(node, "period");
    return CEMM.current(node, "periodType") === "str" && UNITS.includes(unit) ? unit : undefined;
  }

  function timezoneOf(node) {
    const { timezone } = RED.nodes.node(CEMM.current(node, "device")) ?? {};
    return timezone && CEMM.check.timezone(timezone) === true && !CEMM.isEnv(timezone) ? timezone : "Europe/Amsterdam";
  }

  const fieldValue = (node, name) => ({ value: CEMM.current(node, name), type: CEMM.current(node, `${name}Type`) });

  function showPreview(node) {
    const isHistory = node.type === "cemm-history";
    const unit = unitOf(node);
    const from = fieldValue(node, "time");
    const to = isHistory ? fieldValue(node, "to") : undefined;
    const words = describe({ unit, from, to, deliver: CEMM.current(node, "deliver"), timezone: timezoneOf(node) });
    $("#cemm-preview").text(words && t("preview.asks", { what: words }));
    $(".cemm-range").toggle(to !== undefined && to.type !== "none");
    if (!isHistory) showLanLimit(node, from);
  }

  /** On the LAN a CEMM tells its readings of now only. */
  function showLanLimit(node, from) {
    const device = RED.nodes.node(CEMM.current(node, "device"));
    const { date } = meant(from.value, from.type, "day", timezoneOf(node));
    const isPast = date && date < dateIn(Date.now(), timezoneOf(node));
    $("#cemm-limit").text(isPast && device?.access === "lan" ? t("preview.lanReadings") : "");
  }

  /** Sets up the fields of history and totals that say when. */
  function times(node) {
    const isHistory = node.type === "cemm-history";
    const unit = unitOf(node) ?? (isHistory ? node.period : "day");
    if (isHistory) CEMM.typedInput("period", periodTypes(), "str");
    CEMM.typedInput("time", timeTypes(unit), "now");
    const none = () => ({ value: "none", label: t("time.none"), hasValue: false });
    if (isHistory) CEMM.typedInput("to", [none(), ...timeTypes(unit)], "none");
    let shown = unit;
    const show = () => {
      const unit = unitOf(node);
      if (isHistory && unit !== shown) {
        shown = unit;
        $("#node-input-time").typedInput("types", timeTypes(unit));
        $("#node-input-to").typedInput("types", [none(), ...timeTypes(unit)]);
      }
      showPreview(node);
    };
    $("#node-input-device, #node-input-period, #node-input-time, #node-input-to, #node-input-deliver").on(
      "change keyup",
      show,
    );
    // Node-RED makes the list of CEMMs after this.
    setTimeout(show);
  }

  window.CEMM = {
    ...window.CEMM,
    times,
    describe,
  };
})();
