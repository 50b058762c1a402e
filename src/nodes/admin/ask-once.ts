import { CemmClient, type CemmClientOptions } from "../../lib/internal.js";

/** The answer of a client that is opened for it alone; undefined if there is none. */
export async function askOnce<T>(
  options: CemmClientOptions,
  ask: (client: CemmClient) => Promise<T>,
): Promise<T | undefined> {
  const client = new CemmClient(options);
  try {
    return await ask(client);
  } catch {
    return undefined;
  } finally {
    client.close();
  }
}
