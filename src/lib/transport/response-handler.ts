/** One request and its answer, as an undici handler: undici's `request()` doubles the CPU time of a cloud message. */
import { Failure } from "../errors.js";
import type { CancelToken } from "./cancel-token.js";

/** The response: status, headers by name, and the body of a 2xx. `sentAt` by the monotonic clock, ms. */
export interface HttpResponse {
  status: number;
  header: (name: string) => string | undefined;
  text: string;
  sentAt: number;
}

type Headers = Record<string, string | string[] | undefined>;

interface Controller {
  abort(reason: Error): void;
}

/** If only the status matters: how much of the body is read, and for how long, to keep the connection alive. */
const REST_BYTES = 16_384;
const REST_MS = 1_000;

const EMPTY = Buffer.alloc(0);

export interface Limits {
  /** Maximum size of a body, in bytes. */
  maxBody: number;
  /** How long the server may be silent, in ms. */
  patience: number;
}

export interface Asker {
  token: CancelToken;
  heard(): void;
}

export class ResponseHandler {
  answered = false;
  readonly #sentAt = performance.now();
  #resolve: (response: HttpResponse) => void = () => {};
  #reject: (error: unknown) => void = () => {};
  #isOver = false;
  #status = 0;
  #isSuccess = false;
  #headers: Headers = {};
  /** Filled up to `#length`: a list of one-byte chunks would take a hundred times as much memory. */
  #body: Buffer = EMPTY;
  #length = 0;
  #timer: NodeJS.Timeout | undefined;

  /** `isKept`: the connection is kept alive. `onOver` is called once at the end, with whether it can be reused. */
  constructor(
    private readonly limits: Limits,
    private readonly asker: Asker,
    private readonly isKept: boolean,
    private readonly onOver: (isReusable: boolean) => void,
  ) {
    if (limits.patience < Number.POSITIVE_INFINITY) {
      this.#timer = setTimeout(() => this.fail(new Failure("silent")), limits.patience);
    }
  }

  /** The response to the request that `send` sends. */
  responseTo(send: () => void): Promise<HttpResponse> {
    return new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
      send();
    });
  }

  /** Rejects immediately, and drops the connection. */
  fail(error: unknown): void {
    this.#reject(error);
    this.#end(false);
  }

  onRequestStart(): void {}

  onResponseStart(_: Controller, status: number, headers: Headers): void {
    if (status < 200) return;
    this.answered = true;
    this.#status = status;
    this.#isSuccess = status < 300;
    this.#headers = headers;
    const { "content-encoding": encoding, "content-length": length = 0 } = headers;
    if (Number(length) > this.limits.maxBody) this.#failTooLarge();
    else if (this.#isSuccess && status !== 202 && encoding !== undefined && !isPlain(encoding))
      this.fail(new Failure("compressed"));
    else if (!this.#isSuccess) {
      // A body that hangs must not hide the status.
      this.#deliver("");
      clearTimeout(this.#timer);
      if (this.isKept) this.#timer = setTimeout(() => this.#end(false), REST_MS);
      // The rest would occupy a small server's only connection.
      else this.#end(false);
    }
  }

  onResponseData(_: Controller, chunk: Buffer): void {
    this.asker.heard();
    const length = this.#length + chunk.length;
    if (!this.#isSuccess) {
      if (length > REST_BYTES) this.#end(false);
    } else if (length > this.limits.maxBody) this.#failTooLarge();
    else {
      this.#timer?.refresh();
      // Usually the first chunk is the whole body, and is not copied.
      if (this.#length === 0) this.#body = chunk;
      else this.#append(chunk, length);
    }
    this.#length = length;
  }

  onResponseEnd(): void {
    // As UTF-8, without a byte order mark.
    const text = this.#body.toString("utf8", 0, this.#length);
    if (this.#isSuccess) this.#deliver(text.startsWith("\uFEFF") ? text.slice(1) : text);
    this.#end(true);
  }

  onResponseError(_: unknown, error: Error): void {
    this.fail(error);
  }

  #append(chunk: Buffer, length: number): void {
    if (length > this.#body.length) this.#body = Buffer.concat([this.#body], 2 * length);
    chunk.copy(this.#body, this.#length);
  }

  #failTooLarge(): void {
    this.fail(new Failure("tooLarge", { fill: `${this.limits.maxBody / 1024} KiB` }));
  }

  #deliver(text: string): void {
    const headers = this.#headers;
    const header = (name: string) => {
      const value = headers[name];
      return Array.isArray(value) ? value[0] : value;
    };
    this.#resolve({ status: this.#status, header, text, sentAt: this.#sentAt });
  }

  #end(isReusable: boolean): void {
    clearTimeout(this.#timer);
    if (this.#isOver) return;
    this.#isOver = true;
    // Dropped here, since undici keeps the handler until the next major garbage collection.
    this.#body = EMPTY;
    this.#resolve = () => {};
    this.#reject = () => {};
    this.onOver(isReusable);
  }
}

function isPlain(encoding: string | string[]): boolean {
  return ["", "identity"].includes(String(encoding).trim().toLowerCase());
}
