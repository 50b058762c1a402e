/** Validators of fields: true, or a sentence that says what is wrong. What the runtime shares is in lib/syntax. */
import {
  isAlias,
  isIPv4,
  isLoopback,
  isPort,
  parseBaseUrl,
  parseHost,
  parseTime,
  parseUid,
  variableIn,
} from "../lib/syntax.js";
import { type KeyIn, t } from "./catalogue.js";

export function checked(value: unknown, check: (value: unknown, node: EditorNode) => Verdict): Property {
  return {
    value,
    // Node-RED accepts a text as the reason only from a validator with two parameters.
    validate(value, _options) {
      return check(value, this);
    },
  };
}

export function isEnv(value: unknown): boolean {
  return variableIn(String(value ?? "")) !== undefined;
}

export function isBlank(value: unknown): boolean {
  return String(value ?? "").trim() === "";
}

function unless(isGood: boolean, key: KeyIn<"wrong">, values?: Record<string, unknown>): Verdict {
  return isGood || t(`wrong.${key}`, values);
}

/** Accepts blank, an environment variable, or what `check` accepts. */
function optional(check: (text: string) => Verdict): (value: unknown) => Verdict {
  return (value) => isBlank(value) || isEnv(value) || check(String(value));
}

/** For typed inputs: `check` decides for text, Node-RED for all other types. */
export function checkTyped(value: unknown, type: unknown, check: (text: string) => Verdict): Verdict {
  if (isBlank(type) || type === "str") return isEnv(value) || check(String(value ?? ""));
  return RED.utils.validateTypedProperty(value, String(type), {});
}

export const checkAlias = (text: string): Verdict => unless(isAlias(text), "alias");

export const checkTarget = (text: string): Verdict =>
  unless(isBlank(text) || parseUid(text) !== undefined || parseHost(text) !== undefined, "target");

/** The channel is required if only its value is sent. */
export const checkChannel = (value: unknown, format: unknown): Verdict =>
  unless(format !== "value" || !isBlank(value), "channel");

export function checkTime(value: unknown, type: unknown): Verdict {
  if (type === "now" || type === "previous" || type === "none") return true;
  if (type === "ago") return isEnv(value) || unless(/^\d{0,5}$/.test(String(value)), "ago");
  return checkTyped(value, type, (text) => unless(parseTime(text) !== undefined, "time"));
}

export const checkHost = optional((text) =>
  unless(parseHost(text) !== undefined, /^\s*https:/i.test(text) ? "hostHttps" : "host"),
);

export const checkUid = optional((text) => unless(parseUid(text) !== undefined, "uid"));

export const checkTimezone = optional((text) => unless(isTimezone(text), "timezone"));

export const checkUdpPort = optional((text) => unless(isPort(text), "port"));

export const checkBroadcast = optional((text) =>
  unless(
    text.split(",").every((address) => isIPv4(address.trim())),
    "broadcast",
  ),
);

export const checkKey = (value: unknown): Verdict => unless(!isBlank(value), "apiKey");

export const checkBaseUrl = optional((text) => {
  const base = parseBaseUrl(text);
  if (!base) return t("wrong.baseUrl");
  return unless(base.protocol === "https:" || isLoopback(base.host), "http");
});

interface NumberLimits {
  min: number;
  max: number;
  isWhole?: boolean;
}

export function checkNumber({ min, max, isWhole = false }: NumberLimits): (value: unknown) => Verdict {
  return optional((text) => {
    const number = Number(text);
    const isGood = number >= min && number <= max && (!isWhole || Number.isInteger(number));
    return unless(isGood, isWhole ? "wholeNumber" : "number", { min, max });
  });
}

function isTimezone(timezone: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone: timezone }));
  } catch {
    return false;
  }
}

/** The editor's value for a config node still to be added. */
const TO_ADD = "_ADD_";

/** A chosen, existing and complete config node; `before` is the choice when the dialog opened. */
export function checkConfigNode(value: unknown, before: unknown, kind: "account" | "device"): Verdict {
  const chosen = configNode(value);
  if (chosen) return chosen.valid !== false || t(`wrong.${kind}.invalid`);
  const isGone = isChosen(value) || (isChosen(before) && !configNode(before));
  return t(`wrong.${kind}.${isGone ? "gone" : "none"}`);
}

function isChosen(id: unknown): boolean {
  return !isBlank(id) && id !== TO_ADD;
}

export function configNode(id: unknown): EditorNode | null {
  return isChosen(id) ? RED.nodes.node(String(id)) : null;
}
