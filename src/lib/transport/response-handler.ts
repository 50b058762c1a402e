/** What came back: the status, a header by its name, and the body of a 2xx. */
export interface HttpResponse {
  status: number;
  header: (name: string) => string | undefined;
  text: string;
}

type Headers = Record<string, string | string[] | undefined>;

interface Controller {
  abort(reason: Error): void;
}

/** Of an answer whose status says it all: how much is read, so that its connection can be kept, and for how long. */
const REST_BYTES = 16_384;
const REST_MS = 1_000;
const ABORTED = new Error("aborted");

/**
 * One request and its answer, as an undici handler: without the stream that `request()` makes of every body, and
 * without a listener of undici's on a signal.
 */
export class ResponseHandler {
  readonly response: Promise<HttpResponse>;
  /** Whether an answer has begun. */
  answered = false;
  #resolve: (response: HttpResponse) => void = () => {};
  #reject: (error: unknown) => void = () => {};
  #controller: Controller | undefined;
  #aborted = false;
  #status = 0;
  #headers: Headers = {};
  #chunks: Buffer[] = [];
  #bytes = 0;
  #rest: NodeJS.Timeout | undefined;

  constructor() {
    this.response = new Promise((resolve, reject) => {
      this.#resolve = resolve;
      this.#reject = reject;
    });
  }

  /** Rejects at once, and ends the request wherever it is. */
  abort(): void {
    this.#aborted = true;
    this.#reject(ABORTED);
    this.#controller?.abort(ABORTED);
  }

  onRequestStart(controller: Controller): void {
    this.#controller = controller;
    if (this.#aborted) controller.abort(ABORTED);
  }

  onResponseStart(controller: Controller, status: number, headers: Headers): void {
    if (status < 200) return;
    this.answered = true;
    this.#status = status;
    this.#headers = headers;
    if (this.#isGood) return;
    // A body that hangs must not hide what the status says.
    this.#deliver("");
    this.#rest = setTimeout(() => controller.abort(new Error("too slow")), REST_MS);
  }

  onResponseData(controller: Controller, chunk: Buffer): void {
    this.#bytes += chunk.length;
    if (this.#isGood) this.#chunks.push(chunk);
    else if (this.#bytes > REST_BYTES) controller.abort(new Error("too long"));
  }

  onResponseEnd(): void {
    clearTimeout(this.#rest);
    if (this.#isGood) this.#deliver(textOf(this.#chunks));
  }

  onResponseError(_: unknown, error: Error): void {
    clearTimeout(this.#rest);
    this.#reject(error);
  }

  get #isGood(): boolean {
    return this.#status < 300;
  }

  #deliver(text: string): void {
    const headers = this.#headers;
    const header = (name: string) => {
      const value = headers[name];
      return Array.isArray(value) ? value[0] : value;
    };
    this.#resolve({ status: this.#status, header, text });
  }
}

/** As UTF-8, without a byte order mark. */
function textOf(chunks: readonly Buffer[]): string {
  const [only = Buffer.alloc(0), ...more] = chunks;
  const text = (more.length === 0 ? only : Buffer.concat(chunks)).toString();
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}
