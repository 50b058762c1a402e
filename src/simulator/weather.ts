/** Sun, clouds and temperature over the Netherlands. */
import { noise, smoothNoise } from "./random.js";

const RADIAN = Math.PI / 180;
const LATITUDE = 52.1 * RADIAN;
const LONGITUDE = 5.2;
const PANEL_TILT = 35 * RADIAN;
const MS_PER_DAY = 86_400_000;
const NEW_YEAR_2000 = Date.UTC(2000, 0, 1);

/** The position of the sun: declination and hour angle, in radians. */
function sunAt(time: number): { declination: number; hourAngle: number } {
  const dayOfYear = ((time - NEW_YEAR_2000) / MS_PER_DAY) % 365.2425;
  const season = (2 * Math.PI * (dayOfYear - 80)) / 365.2425;
  const equationOfTime = 9.87 * Math.sin(2 * season) - 7.53 * Math.cos(season) - 1.5 * Math.sin(season);
  const utcHours = (time % MS_PER_DAY) / 3_600_000;
  const hourAngle = (utcHours + LONGITUDE / 15 + equationOfTime / 60 - 12) * 15 * RADIAN;
  return { declination: 23.44 * RADIAN * Math.sin(season), hourAngle };
}

/** The sine of the sun's elevation at a latitude; for a panel tilted south, take a latitude further south. */
function sineOfElevation(latitude: number, declination: number, hourAngle: number): number {
  return Math.sin(declination) * Math.sin(latitude) + Math.cos(declination) * Math.cos(latitude) * Math.cos(hourAngle);
}

export function isDark(time: number): boolean {
  const { declination, hourAngle } = sunAt(time);
  return sineOfElevation(LATITUDE, declination, hourAngle) < 0.05;
}

/** The output of a panel under a clear sky, as a share of its peak power; `turn`: its angle from south to west. */
export function clearSkyYield(time: number, turn: number): number {
  const { declination, hourAngle } = sunAt(time);
  const height = sineOfElevation(LATITUDE, declination, hourAngle);
  if (height <= 0) return 0;
  const direct = Math.max(0, sineOfElevation(LATITUDE - PANEL_TILT, declination, hourAngle - turn));
  const airMass = 1 / Math.max(height, 0.05);
  return 1.1 * 0.75 ** (airMass ** 0.678) * direct + 0.1 * height;
}

/** The share of sunlight through the clouds in each minute of a day: clear, grey, or changing; winters are greyer. */
export function clearness(seed: number, day: number, minutes: number): Float64Array {
  const winter = 0.5 + 0.5 * Math.cos((2 * Math.PI * day) / 365.2425);
  const sky = 0.12 + 0.88 * noise(seed, day) ** (1 + 1.4 * winter);
  const change = 2.4 * sky * (1 - sky);
  const shares = new Float64Array(minutes);
  for (let minute = 0; minute < minutes; minute++) {
    const drift = change * (smoothNoise(seed, day * 200 + minute / 8) - 0.5);
    shares[minute] = Math.min(1, Math.max(0.08, sky + drift));
  }
  return shares;
}

/** Outside, in degrees Celsius: cold in January, coldest before sunrise, with spells of some days. */
export function temperatureAt(seed: number, time: number): number {
  const days = time / MS_PER_DAY;
  const season = -7.5 * Math.cos((2 * Math.PI * (days - 20)) / 365.2425);
  const spell = 9 * (smoothNoise(seed, days / 4) - 0.5);
  const hour = -2.5 * Math.cos(2 * Math.PI * (days - 2.5 / 24));
  return 10.5 + season + spell + hour;
}
