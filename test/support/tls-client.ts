/**
 * A script for its own process, which trusts the certificates in its environment: asks the given clouds, and prints
 * the results.
 */
import { CemmAccount, CemmClient, CemmError } from "../../src/lib/index.js";
import { KEY, UID } from "./server.js";

async function outcome(baseUrl: string): Promise<unknown> {
  const account = new CemmAccount({ apiKey: KEY, baseUrl });
  try {
    const { source } = await new CemmClient({ access: "cloud", account, uid: UID, timeout: 5 }).realtime("p1");
    return { source };
  } catch (error) {
    if (!(error instanceof CemmError)) throw error;
    return { code: error.code, retryable: error.retryable, cause: error.cause?.code };
  } finally {
    await account.close();
  }
}

Promise.all(process.argv.slice(2).map(outcome)).then(
  (outcomes) => console.log(JSON.stringify(outcomes)),
  (error) => {
    console.error(error);
    process.exitCode = 1;
  },
);
