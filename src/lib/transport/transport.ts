/** How a question is asked until it is answered: in turn, again where that helps, and as long as it is promised. */
import type { z } from "zod";
import { delay } from "./cancel-token.js";
import type { Deadline } from "./deadline.js";
import { badResponse, Failure } from "./failure.js";
import { type Address, type Dispatcher, httpGet } from "./http.js";
import { Limiter } from "./limiter.js";
import { PromiseSchedule } from "./promise-schedule.js";
import { type ResponseBody, readBody } from "./response-body.js";
import type { HttpResponse } from "./response-handler.js";
import { type Call, DeadlineExpired, type RequestContext, SingleFlight } from "./single-flight.js";
import { retryAfterOf, type StatusTable, statusFailure } from "./status-failure.js";

const FIRST_RETRY = 300;

export interface TransportOptions {
  /** Called with the first request. */
  dispatcher: () => Dispatcher;
  /** Requests at a time for each host. */
  concurrency: number;
  /** Further tries after one that may succeed later. */
  retries: number;
  /** What statuses outside 2xx mean. */
  statuses: StatusTable;
  secrets?: readonly string[];
}

interface Body {
  /** As it came. */
  raw: unknown;
  requestedAt: number;
  receivedAt: number;
}

export interface ParsedBody<T> extends Body {
  body: T;
}

/** An answer with when its request was sent, on the monotonic clock. */
type TimedResponse = ResponseBody & { sentAt: number; retryAfter: number | undefined };

export class Transport {
  readonly #options: TransportOptions;
  readonly #secrets: readonly string[];
  readonly #limiters = new Map<string, Limiter>();
  readonly #calls = new SingleFlight<Body>();
  #dispatcher: Dispatcher | undefined;
  #isClosed = false;

  constructor(options: TransportOptions) {
    this.#options = options;
    this.#secrets = options.secrets ?? [];
  }

  /**
   * The body at `address`, as `schema` describes it, and as it came. `peer` names the device in errors.
   * @throws CemmError any of the codes of a failed request; or the reason of one of `context.signals`.
   */
  async get<S extends z.ZodType>(
    address: Address,
    schema: S,
    peer: string,
    context: RequestContext,
  ): Promise<ParsedBody<z.output<S>>> {
    const { raw, requestedAt, receivedAt } = await this.#calls
      .do(`${address.origin}${address.path}`, context, (call) => this.#fetch(address, call))
      .catch((error: unknown) => {
        throw failureFor(error, peer, context.deadline);
      });
    const parsed = schema.safeParse(raw);
    if (parsed.success) return { raw, requestedAt, receivedAt, body: parsed.data };
    throw badResponse(shapeProblem(parsed.error)).of(peer);
  }

  /** Ends every request at once. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#dispatcher?.destroy();
  }

  /** Follows a promise up: the same request again, until it brings data. The promise's id is never sent back. */
  async #fetch(address: Address, call: Call<Body>): Promise<Body> {
    const requestedAt = Date.now();
    const schedule = new PromiseSchedule();
    for (;;) {
      const response = await this.#withRetries(address, call);
      if (!response.promised) return { raw: response.raw, requestedAt, receivedAt: Date.now() };
      call.promised();
      const wait = schedule.next(response, performance.now(), call.remaining);
      if (wait === undefined) throw new DeadlineExpired("promised");
      await delay(wait, call.token);
    }
  }

  async #withRetries(address: Address, call: Call<Body>): Promise<TimedResponse> {
    for (let tries = 0; ; tries++) {
      try {
        return await this.#inTurn(address, call);
      } catch (error) {
        if (!(error instanceof Failure && error.retryable) || tries >= this.#options.retries) throw error;
        const pause = FIRST_RETRY * 2 ** tries * (0.75 + Math.random() / 2);
        const wait = Math.max(error.details.retryAfter ?? 0, pause);
        if (wait >= call.remaining) throw error;
        await delay(wait, call.token);
      }
    }
  }

  #inTurn(address: Address, call: Call<Body>): Promise<TimedResponse> {
    const limiter = this.#limiters.get(address.origin) ?? this.#newLimiter(address.origin);
    return limiter.run(() => this.#request(address, call), call.token, call.isContinued);
  }

  #newLimiter(origin: string): Limiter {
    for (const [known, { idle }] of this.#limiters) if (idle) this.#limiters.delete(known);
    const limiter = new Limiter(this.#options.concurrency);
    this.#limiters.set(origin, limiter);
    return limiter;
  }

  async #request(address: Address, call: Call<Body>): Promise<TimedResponse> {
    call.started();
    const sentAt = performance.now();
    const response = await httpGet(this.#open(), address, call.token, this.#secrets);
    const { status, header } = response;
    if (status < 200 || status >= 300) throw statusFailure(status, header, this.#options.statuses, this.#secrets);
    return timed(response, sentAt);
  }

  #open(): Dispatcher {
    if (this.#isClosed) throw new Failure("CEMM_UNREACHABLE", "is not asked any more: its account was closed.");
    this.#dispatcher ??= this.#options.dispatcher();
    return this.#dispatcher;
  }
}

function timed(response: HttpResponse, sentAt: number): TimedResponse {
  const body = readBody(response);
  const retryAfter = body.promised ? retryAfterOf(response.header) : undefined;
  // What is spread comes last: first, it costs Node 20 many times as much.
  return { sentAt, retryAfter, ...body };
}

function shapeProblem({ issues: [issue] }: z.ZodError): string {
  const place = issue?.path.join(".") || "its root";
  const what = (issue?.code === "custom" && issue.message) || "another shape than documented";
  return `sent an answer of ${what}, at ${place}. Check that a CEMM has this address.`;
}

/** What one caller is told, who knows the device as `peer`. */
function failureFor(error: unknown, peer: string, deadline: Deadline): unknown {
  if (error instanceof DeadlineExpired) return expired(error, deadline).of(peer);
  return error instanceof Failure ? error.of(peer) : error;
}

/** The failure for a caller whose own deadline has passed. */
function expired({ stage }: DeadlineExpired, { timeout }: Deadline): Failure {
  const seconds = Math.round(timeout / 100) / 10;
  if (stage === "queued") {
    const text = `was not asked in ${seconds * 10} s: other questions stood in line before this one. Ask less often, or less at once.`;
    return new Failure("CEMM_TIMEOUT", text, { retryable: true });
  }
  if (stage === "promised") {
    const text = `kept promising data for ${seconds} s. Check that the CEMM is connected to the internet, or allow it a longer timeout.`;
    return new Failure("CEMM_PROMISE_TIMEOUT", text, { retryable: true });
  }
  const text = `did not answer within ${seconds} s. Check that it has power and network, or allow it a longer timeout.`;
  return new Failure("CEMM_TIMEOUT", text, { retryable: true });
}
