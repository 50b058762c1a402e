/** The alias field: the meters of the chosen CEMM, with what they are, or the usual ones where it cannot be asked. */
(() => {
  const t = (...values) => CEMM.t(...values);

  /** What the vendor's pages list. */
  const USUAL = [
    "p1",
    "p1-gas",
    "s01",
    "s02",
    "s03",
    "pulse-1",
    "pulse-2",
    "pulse-3",
    "usage",
    "mb1",
    "han",
    "p1-usb",
    "emucs",
    "emucs-usb",
    "emucs-gas",
    "dlms-usb",
  ];
  const KNOWN_TYPES = ["p1", "gas", "solar_energy", "water", "usage", "han", "emucs", "dlms"];
  const FRESH = 60_000;
  const asked = new Map();

  /** `smart meter, port 3` */
  function meterText({ type, port }) {
    const name = KNOWN_TYPES.includes(type) ? t(`meter.${type}`) : type;
    return port === null || port === undefined || type === "usage" ? name : t("meter.atPort", { name, port });
  }

  /** The device's meters, asked once a minute at most; rejects with `{ code, message }`. */
  function metersOf(device) {
    const { id, name, access, host, uid, account, timezone, timeout } = device;
    const values = { id, name, access, host, uid, account, timezone, timeout };
    const key = JSON.stringify(values);
    const known = asked.get(key);
    if (known && Date.now() - known.at < FRESH) return known.meters;
    const meters = CEMM.ask("device/meters", values).then((told) => told.meters.filter(({ alias }) => alias));
    asked.set(key, { at: Date.now(), meters });
    meters.catch(() => asked.delete(key));
    return meters;
  }

  const usual = () => USUAL.map((alias) => ({ value: alias, text: t(`alias.${alias}`) }));

  async function choices(node) {
    const device = RED.nodes.node(CEMM.current(node, "device"));
    const note = $("#cemm-alias-note");
    if (!device) return usual();
    try {
      note.text(t("meter.asking"));
      const meters = await metersOf(device);
      note.text("");
      const own = meters.map((meter) => ({ value: meter.alias, text: meterText(meter) }));
      // The CEMM computes it: it is no meter of its own.
      return device.access === "cloud" ? own : [...own, { value: "usage", text: t("alias.usage") }];
    } catch ({ code }) {
      note.text(t("meter.cannotAsk", { why: t(`problem.${code}.what`) }));
      return usual();
    }
  }

  function option({ value, text }) {
    const label = $("<span>", { class: "cemm-alias" }).append($("<b>").text(value), $("<span>").text(text));
    return { value, label };
  }

  /** The typed input's type for an alias: completes while typing, and lists all by its button. */
  function aliasType(node) {
    let showAll = false;
    async function autoComplete(text, done) {
      const all = showAll;
      showAll = false;
      const typed = text.toLowerCase();
      const known = await choices(node);
      done(
        known.filter(({ value, text: meter }) => all || `${value} ${meter}`.toLowerCase().includes(typed)).map(option),
      );
    }
    function expand() {
      showAll = true;
      this.input.trigger("focus").trigger($.Event("keyup", { keyCode: 40 }));
    }
    return CEMM.textType({
      label: t("type.alias"),
      icon: "fa fa-tachometer",
      autoComplete,
      expand: Object.assign(expand, { icon: "fa-list" }),
    });
  }

  const ICONS = [
    [/gas/, "fa-fire"],
    [/^pulse-/, "fa-tint"],
    [/^(s\d\d|mb\d+)$/, "fa-sun-o"],
    [/^usage$/, "fa-home"],
  ];

  /** An icon for the meter, else the node's own. */
  function meterIcon({ alias, aliasType: type }, own) {
    const known = type === "str" && ICONS.find(([pattern]) => pattern.test(alias));
    return known ? `font-awesome/${known[1]}` : own;
  }

  window.CEMM = {
    ...window.CEMM,
    aliasType,
    meterText,
    meterIcon,
  };
})();
