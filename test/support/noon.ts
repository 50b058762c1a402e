/** A time zone in which it is noon: what is only so at night, or as a day begins, does not depend on when the tests run. */
const NOON = 12;

const ahead = NOON - new Date().getUTCHours();
/** `Etc/GMT-1` is an hour ahead of UTC. */
export const NOON_ZONE = ahead === 0 ? "Etc/UTC" : `Etc/GMT${ahead > 0 ? "-" : "+"}${Math.abs(ahead)}`;

/** When a day begins there, epoch ms. `2026-11-28` */
export const startThere = (date: string): number => Date.parse(`${date}T00:00Z`) - ahead * 3_600_000;
