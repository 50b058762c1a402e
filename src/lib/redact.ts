/** Makes foreign errors safe to show: a cloud address contains the API key, and an error object the failed address. */
import { describeValue, type ErrorCause, shorten } from "./errors.js";

/** The foreign error as a safe cause: each of `secrets` is redacted, in any common encoding. */
export function safeCause(error: unknown, secrets: readonly string[] = []): ErrorCause {
  const { name, message } =
    error instanceof Error ? error : new Error(typeof error === "string" ? error : describeValue(error));
  return { code: codeOf(error) ?? name, message: shorten(redact(message, secrets)) };
}

/** The `code` of a system or undici error; some, such as a parse error's, are undefined. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== "object" || error === null || !("code" in error)) return undefined;
  return typeof error.code === "string" ? error.code : undefined;
}

/** `text` without any of the secrets, in any letter case, and without the value of any `api_key` parameter. */
export function redact(text: string, secrets: readonly string[]): string {
  const known = secrets.flatMap(encodings).reduce((clean, secret) => clean.replace(anyCase(secret), "***"), text);
  return known.replace(/(api_key=)[^&\s"']+/gi, "$1***");
}

// Host names are shown in lower case.
function anyCase(secret: string): RegExp {
  return new RegExp(secret.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&"), "gi");
}

function encodings(secret: string): string[] {
  if (secret === "") return [];
  const bytes = Buffer.from(secret);
  return [
    secret,
    encodeURIComponent(secret),
    new URLSearchParams({ k: secret }).toString().slice(2),
    new URL(`http://h/?${secret.replaceAll("&", "%26")}`).search.slice(1),
    JSON.stringify(secret).slice(1, -1),
    bytes.toString("base64"),
    bytes.toString("base64url"),
    bytes.toString("hex"),
  ];
}
