/** The life of a request, top to bottom: queue, retries, and polling while the answer is promised. */
import type { z } from "zod";
import { excessIn, tryJson } from "../data/json-check.js";
import { ApiPromise } from "../data/schemas.js";
import { Failure, problem } from "../errors.js";
import { sleep } from "./cancel-token.js";
import type { Address, Connections } from "./http.js";
import { Limiter } from "./limiter.js";
import { type Promised, PromiseSchedule } from "./promise.js";
import type { HttpResponse } from "./response-handler.js";
import {
  type Call,
  type Deadline,
  DeadlineExpired,
  QUEUE_SHARE,
  type RequestContext,
  SingleFlight,
} from "./single-flight.js";
import { retryAfterOf, type StatusTable, statusFailure } from "./status.js";

/** ms before a request is sent again; doubles each time. */
const FIRST_RETRY = 300;
/** Share of the remaining time that a server may be silent before a retry. The last try has all of it. */
const PATIENCE = 0.2;
/** Maximum size of a body, in bytes. */
const MAX_BODY = 4 * 1024 * 1024;

interface ApiOptions {
  /** Called with the first request. */
  connections: () => Connections;
  concurrency: number;
  /** Retries of a request that may succeed later. */
  retries: number;
  statuses: StatusTable;
  /** Whether `Retry-After` is obeyed here; otherwise the error carries it, and the caller decides. */
  trustsRetryAfter: boolean;
  secrets: readonly string[];
}

/** The body as received. Times are epoch ms. */
export interface Body {
  raw: unknown;
  requestedAt: number;
  receivedAt: number;
}

/** `maxBody` in bytes; `retries`: of a request that may succeed later. */
interface RequestLimits {
  maxBody?: number | undefined;
  retries?: number | undefined;
}

/** One request and all callers that wait for its answer. */
interface Request {
  address: Address;
  call: Call<Body>;
  maxBody: number;
  retries: number;
}

/** The API of the CEMMs on the LAN, or of an account, with one queue. */
export class Api {
  // Truly private: it holds the key.
  readonly #options: ApiOptions;
  readonly #limiters = new Map<string, Limiter>();
  readonly #calls = new SingleFlight<Body>();
  #connections: Connections | undefined;
  #isClosed = false;

  constructor(options: ApiOptions) {
    this.#options = options;
  }

  /** The body at `address`; `label` names the device. @throws CemmError, or the reason of one of the signals */
  async get(address: Address, label: string, context: RequestContext, limits: RequestLimits = {}): Promise<Body> {
    const { maxBody = MAX_BODY, retries = this.#options.retries } = limits;
    const key = `${address.origin}${address.path} ${maxBody}`;
    try {
      return await this.#calls.do(key, context, (call) => this.#untilDelivered({ address, call, maxBody, retries }));
    } catch (error) {
      throw toError(error, label, context.deadline);
    }
  }

  /** Polls a promised answer: repeats the request until it returns data. The promise's id is never sent back. */
  async #untilDelivered(request: Request): Promise<Body> {
    const { call } = request;
    const requestedAt = Date.now();
    let schedule: PromiseSchedule | undefined;
    for (;;) {
      const content = await this.#untilAnswered(request);
      if ("raw" in content) return { raw: content.raw, requestedAt, receivedAt: Date.now() };
      call.promised();
      schedule ??= new PromiseSchedule();
      const wait = schedule.next(content, performance.now(), call.remaining);
      if (wait === undefined) throw new DeadlineExpired("promised");
      await sleep(wait, call.token);
    }
  }

  /** Retries where that may help, and after a silence without a pause. */
  async #untilAnswered(request: Request): Promise<Content> {
    const { address, call, retries } = request;
    for (let tries = 0; ; tries++) {
      const isLast = tries >= retries;
      try {
        const limiter = this.#limiters.get(address.origin) ?? this.#newLimiter(address.origin);
        return await limiter.run(() => this.#once(request, isLast), call.token, call.hadTurn);
      } catch (error) {
        if (!(error instanceof Failure && error.retryable) || isLast) throw error;
        if (error.name === "silent") call.silent();
        else await this.#pause(error, tries, call);
      }
    }
  }

  async #pause(failure: Failure, tries: number, call: Call<Body>): Promise<void> {
    call.pausing();
    const pause = FIRST_RETRY * 2 ** tries * (0.75 + Math.random() / 2);
    const wait = Math.max(failure.retryAfter ?? 0, pause);
    const isTrusted = this.#options.trustsRetryAfter || failure.retryAfter === undefined;
    if (!isTrusted || wait >= call.remaining) throw failure;
    await sleep(wait, call.token);
  }

  #newLimiter(origin: string): Limiter {
    for (const [known, { idle }] of this.#limiters) if (idle) this.#limiters.delete(known);
    const limiter = new Limiter(this.#options.concurrency);
    this.#limiters.set(origin, limiter);
    return limiter;
  }

  async #once({ address, call, maxBody }: Request, isLast: boolean): Promise<Content> {
    if (this.#isClosed) throw new Failure("closed");
    this.#connections ??= this.#options.connections();
    const patience = call.remaining * PATIENCE;
    call.asked(patience);
    const limits = { maxBody, patience: isLast ? Number.POSITIVE_INFINITY : patience };
    const response = await this.#connections.get(address, limits, call, this.#options.secrets);
    const { status, header } = response;
    if (status < 200 || status >= 300)
      throw statusFailure(status, header, this.#options.statuses, this.#options.secrets);
    return contentOf(response, this.#options.trustsRetryAfter);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#connections?.close();
  }
}

type Content = { raw: unknown } | Promised;

/** Data, or a promise. @throws Failure if it is not JSON, or larger than any valid answer. */
function contentOf(response: HttpResponse, trustsRetryAfter: boolean): Content {
  const { status, header, text, sentAt } = response;
  const excess = excessIn(text);
  const raw = excess ? undefined : tryJson(text);
  // The pages describe 202; the vendor's own client expects a promise in a 200. Both occur.
  const isPromise = status === 202 || (typeof raw === "object" && raw !== null && "promise" in raw);
  if (isPromise) {
    const { promise } = ApiPromise.safeParse(raw).data ?? {};
    const retryAfter = trustsRetryAfter ? retryAfterOf(header) : undefined;
    if (status === 202 || promise !== undefined) return { promise, sentAt, retryAfter };
  }
  if (raw === undefined) throw new Failure(excess ?? notJson(text));
  return { raw };
}

function notJson(text: string): "empty" | "cutJson" | "notJson" {
  if (text === "") return "empty";
  // With too small a content-length the JSON of a 200 is cut off.
  return /^\s*[{[]/.test(text) ? "cutJson" : "notJson";
}

/** The error for one caller, who calls the device `label`. */
function toError(error: unknown, label: string, { timeout }: Deadline): unknown {
  if (error instanceof Failure) return error.toError(label);
  if (!(error instanceof DeadlineExpired)) return error;
  const seconds = Math.round(timeout / 100) / 10;
  if (error.stage === "queued") return problem(label, "queued", `${seconds * QUEUE_SHARE} s`);
  if (error.stage === "promised") return problem(label, "promisedOnly", `${seconds} s`);
  return problem(label, "noAnswer", `within ${seconds} s`);
}

/** @throws CemmError `CEMM_BAD_RESPONSE` of the device called `label`. */
export function parse<S extends z.ZodType>(schema: S, raw: unknown, label: string): z.output<S> {
  const { success, data, error } = schema.safeParse(raw);
  if (success) return data;
  const [issue] = error.issues;
  const what = (issue?.code === "custom" && issue.message) || "another shape than documented";
  throw problem(label, "wrongShape", `${what}, at ${issue?.path.join(".") || "its root"}`);
}
