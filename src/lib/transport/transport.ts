/** How a question is asked until it is answered: turn by turn, again where that helps, and as long as it is promised. */
import type { z } from "zod";
import { ApiPromise } from "../data/schemas.js";
import { CemmError } from "../errors.js";
import { type Control, wait } from "./cancel-token.js";
import type { Deadline } from "./deadline.js";
import { type Address, type HttpRequest, httpGet, type Wire } from "./http.js";
import { retryAfter, statusError } from "./http-errors.js";
import { Lane } from "./limiter.js";
import type { HttpAnswer } from "./response-handler.js";
import { type Asker, Flights } from "./single-flight.js";

const FIRST_RETRY = 300;
const FIRST_PROMISE_WAIT = 250;
const LONGEST_PROMISE_WAIT = 2_000;
/** A promise is asked for one last time this long before the deadline. */
const LAST_CALL = 200;
/** undici's own time-outs get this long to fire first; it tells times above a second to half a second only. */
const grace = (ms: number) => (ms > 1000 ? 600 : 50);

export interface ApiOptions {
  wire: Wire;
  /** Requests at a time for each host. */
  width: number;
  /** Further tries after one that may succeed later. */
  retries: number;
  secrets?: readonly string[];
}

/** Who asks, and how long they wait. `onPromise` is told when the CEMM has to be asked first. */
export interface Ask extends Asker {
  deadline: Deadline;
}

interface Question extends HttpRequest {
  promised: () => void;
}

interface Body {
  raw: unknown;
  requestedAt: number;
  receivedAt: number;
}

export interface Parsed<T> extends Body {
  body: T;
}

export class Api {
  readonly #options: ApiOptions;
  readonly #secrets: readonly string[];
  readonly #lanes = new Map<string, Lane>();
  readonly #flights = new Flights<Body>();

  constructor(options: ApiOptions) {
    this.#options = options;
    this.#secrets = options.secrets ?? [];
  }

  /**
   * The body at `address`, as `schema` describes it, and as it came. `peer` names the device in errors.
   * @throws CemmError any of the codes that come from the wire; or the reason of one of `ask.signals`.
   */
  async get<S extends z.ZodType>(address: Address, schema: S, peer: string, ask: Ask): Promise<Parsed<z.output<S>>> {
    const { deadline } = ask;
    const key = `${deadline.timeout} ${address.origin}${address.path}`;
    const answer = await this.#flights.join(key, ask, (control, promised) =>
      this.#answer({ address, peer, deadline, control, promised, secrets: this.#secrets }),
    );
    const parsed = schema.safeParse(answer.raw);
    const { raw, requestedAt, receivedAt } = answer;
    if (parsed.success) return { raw, requestedAt, receivedAt, body: parsed.data };
    throw badResponse(
      peer,
      `sent an answer of another shape than documented, at ${parsed.error.issues[0]?.path.join(".") || "its root"}. Check that a CEMM has this address.`,
    );
  }

  /** Ends every request at once. */
  close(): Promise<void> {
    return this.#options.wire.destroy();
  }

  async #answer(question: Question): Promise<Body> {
    const { deadline, control } = question;
    // Whatever happens: a body that dribbles, or a place in the queue, never runs into undici's time-outs.
    const end = setTimeout(() => control.abort(), deadline.remaining + grace(deadline.remaining));
    const progress = { promised: false };
    const requestedAt = Date.now();
    try {
      const raw = await this.#fulfilled(question, progress);
      return { raw, requestedAt, receivedAt: Date.now() };
    } catch (error) {
      // Aborted here means: the deadline has passed, or nobody listens any more.
      const late = control.aborted || (isSilence(error) && deadline.expired);
      throw late ? tooLate(question, progress.promised) : error;
    } finally {
      clearTimeout(end);
    }
  }

  /** Follows a promise up: the same request again, until it brings data. The promise's id is never sent back. */
  async #fulfilled(question: Question, progress: { promised: boolean }): Promise<unknown> {
    const { deadline, control } = question;
    for (let pause = FIRST_PROMISE_WAIT; ; pause = Math.min(pause * 1.5, LONGEST_PROMISE_WAIT)) {
      const reply = await this.#withRetries(question);
      if (!reply.promised) return reply.raw;
      progress.promised = true;
      question.promised();
      const left = deadline.remaining - LAST_CALL;
      if (left <= 0) throw tooLate(question, true);
      const told = reply.retryAfter === undefined ? pause : Math.max(reply.retryAfter, FIRST_PROMISE_WAIT);
      await wait(Math.min(told, left), control);
    }
  }

  async #withRetries(question: Question): Promise<Reply> {
    const { address, deadline, control, peer } = question;
    for (let tries = 0; ; tries++) {
      let told: number | undefined;
      try {
        const answer = await this.#inTurn(address.origin, control, () => httpGet(this.#options.wire, question));
        told = retryAfter(answer.header("retry-after"));
        return read(answer, peer, told);
      } catch (error) {
        if (!(error instanceof CemmError && error.retryable) || tries >= this.#options.retries) throw error;
        const pause = Math.max(told ?? 0, FIRST_RETRY * 2 ** tries * (0.75 + Math.random() / 2));
        if (pause >= deadline.remaining) throw error;
        await wait(pause, control);
      }
    }
  }

  async #inTurn<T>(origin: string, control: Control, work: () => Promise<T>): Promise<T> {
    const lane = this.#lanes.get(origin) ?? new Lane(this.#options.width);
    this.#lanes.set(origin, lane);
    try {
      return await lane.run(work, control);
    } finally {
      if (lane.idle) this.#lanes.delete(origin);
    }
  }
}

interface Reply {
  raw: unknown;
  promised: boolean;
  retryAfter: number | undefined;
}

function read({ status, header, text }: HttpAnswer, peer: string, retryAfter: number | undefined): Reply {
  if (status >= 300) throw statusError(status, peer, header("location"));
  // The pages announce 202; the vendor's own client looks for a promise in a 200. Both happen.
  if (status === 202) return { raw: undefined, promised: true, retryAfter };
  if ((header("content-encoding") ?? "identity") !== "identity") {
    throw badResponse(peer, "sent a compressed answer, unasked.");
  }
  const raw = parseJson(text, peer);
  return { raw, promised: isPromise(raw), retryAfter };
}

function isPromise(raw: unknown): boolean {
  // Looked at first, because a schema that does not fit takes its time to say why.
  return typeof raw === "object" && raw !== null && "promise" in raw && ApiPromise.safeParse(raw).success;
}

function parseJson(text: string, peer: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    if (text === "") throw badResponse(peer, "sent an empty answer. Try again; if it stays, restart the CEMM.");
    // Too small a content-length arrives as a 200 with cut JSON.
    if (/^\s*[{[]/.test(text))
      throw badResponse(peer, "sent JSON that breaks off. Try again; if it stays, restart the CEMM.", true);
    throw badResponse(
      peer,
      "sent something that is not JSON. Perhaps another device, or a sign-in page, is at this address.",
    );
  }
}

function badResponse(peer: string, text: string, retryable = false): CemmError {
  return new CemmError("CEMM_BAD_RESPONSE", `${peer} ${text}`, { retryable });
}

function isSilence(error: unknown): boolean {
  return error instanceof CemmError && error.code === "CEMM_TIMEOUT" && error.statusCode === undefined;
}

function tooLate({ peer, deadline }: Question, promised: boolean): CemmError {
  const seconds = Math.round(deadline.timeout / 100) / 10;
  return promised
    ? new CemmError(
        "CEMM_PROMISE_TIMEOUT",
        `${peer} kept promising data for ${seconds} s. Check that the CEMM is connected to the internet, or allow it a longer timeout.`,
        { retryable: true },
      )
    : new CemmError(
        "CEMM_TIMEOUT",
        `${peer} did not answer within ${seconds} s. Check that it has power and network, or allow it a longer timeout.`,
        { retryable: true },
      );
}
