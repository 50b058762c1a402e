/** The `time` of a query: epoch seconds. */

// The year 2100: a larger value is in milliseconds, which neither API accepts.
const LATEST = 4_102_444_800;

/** In milliseconds; without `time` it is now; undefined: invalid. */
export function askedTime(query: URLSearchParams, now: number): number | undefined {
  const text = query.get("time");
  if (text === null || text === "") return now - (now % 1000);
  return /^\d{1,10}$/.test(text) && Number(text) < LATEST ? Number(text) * 1000 : undefined;
}

export const NOT_A_TIME = "time must be a timestamp in seconds";
