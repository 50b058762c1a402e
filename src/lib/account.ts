import type { z } from "zod";
import { isLoopback, parseBaseUrl, parseUid } from "./address.js";
import { CemmList } from "./data/schemas.js";
import { CemmError } from "./errors.js";
import { cloudWire } from "./transport/http.js";
import { Api, type Ask, type Parsed } from "./transport/transport.js";

export const DEFAULT_BASE_URL = "https://open-api.cemm.nl/v1/";

export interface CemmAccountOptions {
  /** From the CEMM's maker. Travels in the query, and is shown nowhere. */
  apiKey: string;
  /** Default `https://open-api.cemm.nl/v1/`. */
  baseUrl?: string | undefined;
  /** As errors call it. */
  name?: string | undefined;
}

/** One account of the cloud's Open API. Its CEMMs share four connections; close it when it is no longer needed. */
export class CemmAccount {
  readonly host: string;
  readonly #base: URL;
  readonly #key: string;
  readonly #api: Api;

  /** @throws CemmError `CEMM_CONFIG` */
  constructor({ apiKey, baseUrl, name }: CemmAccountOptions) {
    const account = name ? `the account "${name}"` : "the account";
    this.#key = `api_key=${encodeURIComponent(checkKey(apiKey, account))}`;
    this.#base = parseBaseUrl(baseUrl || DEFAULT_BASE_URL);
    this.host = this.#base.host;
    const wire = cloudWire({ local: isLoopback(this.#base) });
    this.#api = new Api({ wire, width: 4, retries: 2, secrets: [apiKey] });
  }

  /** The uids of the CEMMs that are linked to the key, sorted. */
  async uids(ask: Ask): Promise<string[]> {
    const { body } = await this.get("cemm/", CemmList, `The CEMM cloud (${this.host})`, {}, ask);
    return body.data.map(({ uid }) => parseUid(uid) ?? uid).sort();
  }

  /** The answer at `path`, below the base address. */
  get<S extends z.ZodType>(
    path: string,
    schema: S,
    peer: string,
    query: { time?: string },
    ask: Ask,
  ): Promise<Parsed<z.output<S>>> {
    const { origin, pathname } = this.#base;
    const time = query.time === undefined ? "" : `time=${query.time}&`;
    return this.#api.get({ origin, path: `${pathname}${path}?${time}${this.#key}` }, schema, peer, ask);
  }

  /** Ends every request at once. */
  close(): Promise<void> {
    return this.#api.close();
  }
}

function checkKey(apiKey: unknown, account: string): string {
  const problem = keyProblem(apiKey);
  if (problem === undefined && typeof apiKey === "string") return apiKey;
  throw new CemmError("CEMM_CONFIG", `The API key of ${account} ${problem}`);
}

function keyProblem(apiKey: unknown): string | undefined {
  if (typeof apiKey !== "string" || apiKey.trim() === "") return "is missing. Enter it, and deploy.";
  // Node-RED leaves ${NAME} as it is where the environment has no such variable.
  if (/^\$\{.*\}$/.test(apiKey)) return "names an environment variable that is not set.";
  if (!/^[\x21-\x7e]+$/.test(apiKey)) return "holds a blank, a line feed or a letter that no key has. Enter it again.";
  return undefined;
}
