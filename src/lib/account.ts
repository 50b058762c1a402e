import type { z } from "zod";
import { LIMITS } from "./data/limits-table.js";
import { CemmList } from "./data/schemas.js";
import { CemmError, describeValue } from "./errors.js";
import { checkTexts } from "./option-texts.js";
import { type BaseUrl, isLoopback, parseBaseUrl, parseUid, variableIn } from "./syntax.js";
import { Deadline } from "./transport/deadline.js";
import { cloudDispatcher } from "./transport/http.js";
import type { RequestContext } from "./transport/single-flight.js";
import { CLOUD_STATUSES } from "./transport/status-failure.js";
import { type ParsedBody, Transport } from "./transport/transport.js";

/** The Open API of the CEMM cloud. */
export const DEFAULT_BASE_URL = "https://open-api.cemm.nl/v1/";

/** An account of the CEMM cloud: one key, shared by all its CEMMs. */
export interface CemmAccountOptions {
  /** From the CEMM's maker. Travels in the query, and is shown nowhere. */
  apiKey: string;
  /** Default `https://open-api.cemm.nl/v1/`. */
  baseUrl?: string | undefined;
  /** Requests under way at a time, 1 to 32; default 4. */
  concurrency?: number | undefined;
  /** As errors call it. */
  name?: string | undefined;
}

/** How a question is asked. */
export interface RequestOptions {
  /** Ends the request; the method then rejects with the signal's reason. */
  signal?: AbortSignal | undefined;
  /** Called when the cloud has promised the answer: the CEMM has to be asked first. */
  onPromise?: (() => void) | undefined;
}

/** One account of the cloud's Open API. Its CEMMs share its connections; close it when it is no longer needed. */
export class CemmAccount {
  /** `host[:port]` of the cloud. */
  readonly host: string;
  readonly #origin: string;
  readonly #path: string;
  readonly #key: string;
  readonly #transport: Transport;

  /** @throws CemmError `CEMM_CONFIG` */
  constructor(options: CemmAccountOptions) {
    checkTexts(options, ["baseUrl", "name"]);
    const { apiKey, baseUrl, concurrency = LIMITS.concurrency.usual, name } = options;
    const account = name ? `The account "${name}"` : "The account";
    const key = checkKey(apiKey, account);
    this.#key = `api_key=${encodeURIComponent(key)}`;
    const { protocol, host, path } = checkBaseUrl(baseUrl || DEFAULT_BASE_URL, account);
    this.host = host;
    this.#origin = `${protocol}//${host}`;
    this.#path = path;
    checkConcurrency(concurrency, account);
    const isLocal = isLoopback(this.host);
    this.#transport = new Transport({
      dispatcher: () => cloudDispatcher({ isLocal, connections: concurrency }),
      concurrency,
      retries: 2,
      statuses: CLOUD_STATUSES,
      secrets: [key],
    });
  }

  /**
   * The uids of the CEMMs that are linked to the key, sorted. `timeout` in seconds, default 30.
   * @throws CemmError
   */
  cemms({
    signal,
    onPromise,
    timeout = LIMITS.timeout.usual,
  }: RequestOptions & { timeout?: number } = {}): Promise<string[]> {
    return this.uids({ deadline: new Deadline(timeout * 1000), signals: signal ? [signal] : [], onPromise });
  }

  /** @internal As {@link cemms}, as part of another question. */
  async uids(context: RequestContext): Promise<string[]> {
    const { body } = await this.get("cemm/", CemmList, `The CEMM cloud (${this.host})`, {}, context);
    return body.data.map(({ uid }) => parseUid(uid) ?? uid).sort();
  }

  /** @internal The answer at `path`, below the base address. */
  get<S extends z.ZodType>(
    path: string,
    schema: S,
    peer: string,
    query: { time?: string },
    context: RequestContext,
  ): Promise<ParsedBody<z.output<S>>> {
    const time = query.time === undefined ? "" : `time=${query.time}&`;
    const address = { origin: this.#origin, path: `${this.#path}${path}?${time}${this.#key}` };
    return this.#transport.get(address, schema, peer, context);
  }

  /** Ends every request at once. */
  close(): Promise<void> {
    return this.#transport.close();
  }
}

function checkKey(apiKey: unknown, account: string): string {
  const problem = keyProblem(apiKey);
  if (problem === undefined && typeof apiKey === "string") return apiKey;
  throw new CemmError("CEMM_CONFIG", `${account} has ${problem}`);
}

function keyProblem(apiKey: unknown): string | undefined {
  if (typeof apiKey !== "string" || apiKey.trim() === "") return "no API key. Enter it, and deploy.";
  // Node-RED leaves ${NAME} as it is where the environment has no such variable.
  if (variableIn(apiKey)) return "an API key that names an environment variable that is not set.";
  if (!/^[\x21-\x7e]+$/.test(apiKey))
    return "an API key with a blank, a line feed or a letter that no key has. Enter it again.";
  return undefined;
}

function checkBaseUrl(text: string, account: string): BaseUrl {
  const base = parseBaseUrl(text);
  if (!base) {
    throw new CemmError(
      "CEMM_CONFIG",
      `${account} has a base address that cannot be used; the usual one is ${DEFAULT_BASE_URL}.`,
    );
  }
  if (base.protocol === "http:" && !isLoopback(base.host)) {
    throw new CemmError(
      "CEMM_CONFIG",
      `${account} must have a base address with https: http would show the API key to everyone on the way to ${base.host}.`,
    );
  }
  return base;
}

function checkConcurrency(concurrency: number, account: string): void {
  const { least, most } = LIMITS.concurrency;
  if (Number.isInteger(concurrency) && concurrency >= least && concurrency <= most) return;
  throw new CemmError(
    "CEMM_CONFIG",
    `${account} can have ${least} to ${most} requests at a time, not ${describeValue(concurrency)}.`,
  );
}
