import { setTimeout as pause } from "node:timers/promises";

/** Retries until `holds` succeeds. */
export async function eventually<T>(holds: () => Promise<T>, ms = 10_000): Promise<T> {
  const deadline = Date.now() + ms;
  for (;;) {
    try {
      return await holds();
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await pause(50);
    }
  }
}
