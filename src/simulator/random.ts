/** Reproducible randomness by seed, for everything that the simulator invents. */

/** A 32-bit seed from names and numbers. */
export function seedOf(...parts: readonly (string | number)[]): number {
  let hash = 0x811c9dc5;
  for (const letter of parts.join("\n")) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193);
  return scramble(hash);
}

/** The n-th number of a seed's sequence, 0 (included) to 1 (excluded). */
export function noise(seed: number, n: number): number {
  return scramble(seed ^ Math.imul(n + 1, 0x9e3779b1)) / 2 ** 32;
}

/** As `noise`, but with a smooth transition from one whole number to the next. */
export function smoothNoise(seed: number, x: number): number {
  const whole = Math.floor(x);
  const part = x - whole;
  const from = noise(seed, whole);
  return from + (noise(seed, whole + 1) - from) * part * part * (3 - 2 * part);
}

/** `count` hexadecimal digits, in capitals as in a MAC address. */
export function hexDigits(seed: number, count: number): string {
  return Array.from({ length: count }, (_, n) => Math.floor(noise(seed, n) * 16).toString(16))
    .join("")
    .toUpperCase();
}

function scramble(value: number): number {
  let hash = Math.imul(value ^ (value >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
