import { LIMITS } from "./data/limits-table.js";
import { CemmList } from "./data/schemas.js";
import { checkBaseUrl, checkConcurrency, checkKey, checkText, checkTimeout, DEFAULT_BASE_URL } from "./options.js";
import { isLoopback, parseUid } from "./syntax.js";
import { cloudConnections } from "./transport/http.js";
import { Api, type Body, parse } from "./transport/request.js";
import { Deadline, type RequestContext } from "./transport/single-flight.js";
import { CLOUD_STATUSES } from "./transport/status.js";

/** An account of the CEMM cloud: one key, shared by all its CEMMs. */
export interface CemmAccountOptions {
  /** From the CEMM's manufacturer. Sent in the query, never shown. */
  apiKey: string;
  /** Default `https://open-api.cemm.nl/v1/`. */
  baseUrl?: string | undefined;
  /** Concurrent requests, 1 to 32; default 4. */
  concurrency?: number | undefined;
  /** Its name in errors. */
  name?: string | undefined;
}

/** Options of one request. */
export interface RequestOptions {
  /** Ends the request; the method then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Called once, when the cloud promises the answer for later because it first has to ask the CEMM. */
  onPromise?: (() => void) | undefined;
}

/** One account of the cloud's Open API. Its CEMMs share its connections; close it when it is no longer needed. */
export class CemmAccount {
  /** `host[:port]` of the cloud. */
  readonly host: string;
  readonly #label: string;
  readonly #origin: string;
  readonly #path: string;
  readonly #key: string;
  readonly #api: Api;

  /** @throws CemmError `CEMM_CONFIG` */
  constructor(options: CemmAccountOptions) {
    const { apiKey, concurrency = LIMITS.concurrency.default } = options;
    const name = checkText("name", options.name);
    this.#label = name ? `The account "${name}"` : "The account";
    const key = checkKey(apiKey, this.#label);
    this.#key = `api_key=${encodeURIComponent(key)}`;
    const baseUrl = checkText("baseUrl", options.baseUrl) || DEFAULT_BASE_URL;
    const { protocol, host, path } = checkBaseUrl(baseUrl, this.#label);
    this.host = host;
    this.#origin = `${protocol}//${host}`;
    this.#path = path;
    checkConcurrency(concurrency, this.#label);
    this.#api = new Api({
      connections: () => cloudConnections(isLoopback(host)),
      concurrency,
      retries: 2,
      statuses: CLOUD_STATUSES,
      trustsRetryAfter: true,
      secrets: [key],
    });
  }

  /**
   * The uids of the CEMMs that are linked to the key, sorted. `timeout` in seconds, default 30.
   * @throws CemmError
   */
  async cemms({
    signal,
    onPromise,
    timeout = LIMITS.timeout.default,
  }: RequestOptions & { timeout?: number } = {}): Promise<string[]> {
    const deadline = new Deadline(checkTimeout(timeout, this.#label));
    return this.uids({ deadline, signals: signal ? [signal] : [], onPromise });
  }

  /** @internal As {@link cemms}, as part of another request. */
  async uids(context: RequestContext): Promise<string[]> {
    const label = `The CEMM cloud (${this.host})`;
    const { raw } = await this.get("cemm/", "", label, context);
    return parse(CemmList, raw, label)
      .data.map(({ uid }) => parseUid(uid) ?? uid)
      .sort();
  }

  /** @internal The answer at `path`, below the base address; `time` in epoch seconds or blank. */
  get(path: string, time: string, label: string, context: RequestContext): Promise<Body> {
    const query = time === "" ? this.#key : `time=${time}&${this.#key}`;
    const address = { origin: this.#origin, path: `${this.#path}${path}?${query}` };
    return this.#api.get(address, label, context);
  }

  /** Ends every request at once. */
  close(): Promise<void> {
    return this.#api.close();
  }
}
