import type { RouteName } from "./data/answer.js";
import { CemmError, type CemmErrorCode } from "./errors.js";

/** A finished request: what it asked, such as `realtime p1`, when (epoch ms), and how long it took. */
export interface LoggedRequest {
  question: string;
  at: number;
  ms: number;
  /** The route of the answer, if known. */
  route?: RouteName;
  /** Why there was no answer; `aborted`: nobody was waiting for it any more. */
  code?: CemmErrorCode | "aborted";
  statusCode?: number;
}

const MAX_REQUESTS = 30;

/** The latest requests of a client, oldest first. */
export class RequestLog {
  readonly requests: LoggedRequest[] = [];

  async add<T>(question: string, request: Promise<T>): Promise<T> {
    const [at, began] = [Date.now(), performance.now()];
    let outcome: Partial<LoggedRequest> = {};
    try {
      const response = await request;
      outcome = routeOf(response);
      return response;
    } catch (error) {
      outcome = reasonOf(error);
      throw error;
    } finally {
      this.requests.push({ question, at, ms: Math.round(performance.now() - began), ...outcome });
      if (this.requests.length > MAX_REQUESTS) this.requests.shift();
    }
  }
}

function routeOf(response: unknown): Pick<LoggedRequest, "route"> {
  if (typeof response !== "object" || response === null || !("source" in response)) return {};
  return response.source === "lan" || response.source === "cloud" ? { route: response.source } : {};
}

function reasonOf(error: unknown): Pick<LoggedRequest, "code" | "statusCode"> {
  if (!(error instanceof CemmError)) return { code: "aborted" };
  const { code, statusCode } = error;
  return { code, ...(statusCode !== undefined && { statusCode }) };
}
