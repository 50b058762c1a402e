/** A time zone in which it is noon, so that results do not depend on the time of day at which the tests run. */
const NOON = 12;

const ahead = NOON - new Date().getUTCHours();
/** `Etc/GMT-1` is an hour ahead of UTC. */
export const NOON_ZONE = ahead === 0 ? "Etc/UTC" : `Etc/GMT${ahead > 0 ? "-" : "+"}${Math.abs(ahead)}`;

/** `2026-11-27` for `2026-11-28`. */
export const dayBefore = (date: string): string =>
  new Date(Date.parse(`${date}T12:00Z`) - 86_400_000).toISOString().slice(0, 10);

/** The start of a day there, such as `2026-11-28`, in epoch ms. */
export const startThere = (date: string): number => Date.parse(`${date}T00:00Z`) - ahead * 3_600_000;
