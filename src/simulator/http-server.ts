/** A server that answers GET requests with JSON, and with the configured faults. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type FaultDraw, type FaultName, faultNamed, type HttpReply } from "./faults.js";
import { listening } from "./ports.js";

/** Answers a path with its slashes at both ends, and its query. */
export type Api = (path: string, query: URLSearchParams, fault: FaultName | undefined) => HttpReply;

interface HttpServer {
  port: number;
  close(): Promise<void>;
}

interface HttpServerOptions {
  host: string;
  port: number;
  /** The command line option that chooses another port. */
  option: string;
  api: Api;
  faults: FaultDraw;
  /** Delay of each answer, ms. */
  latency: number;
}

const problem = (status: number, message: string, headers: Record<string, string> = {}): HttpReply => ({
  status,
  headers,
  body: { message },
});

export const notFound = (message = "Not found"): HttpReply => problem(404, message);
export const badRequest = (message: string): HttpReply => problem(400, message);
export const refused = (status: 403 | 412, message: string): HttpReply => problem(status, message);
export const ok = (body: object): HttpReply => ({ status: 200, body });

export async function startHttpServer(options: HttpServerOptions): Promise<HttpServer> {
  const { host, port, option, api, faults, latency } = options;
  const server = createServer((request, response) => {
    if (latency > 0) setTimeout(answer, latency, request, response, api, faults);
    else answer(request, response, api, faults);
  });
  await listening(server, () => server.listen(port, host), port, option);
  const address: AddressInfo | string | null = server.address();
  return {
    port: typeof address === "object" && address ? address.port : port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function answer(request: IncomingMessage, response: ServerResponse, api: Api, faults: FaultDraw): void {
  const url = request.url ?? "/";
  const name = faults.next(url);
  const fault = name && faultNamed(name);
  const made = request.method === "GET" ? reply(url, api, name) : problem(405, "Only GET is allowed", { allow: "GET" });
  const { status, headers, body } = fault?.reply?.(made) ?? made;
  const text = JSON.stringify(body);
  response.statusCode = status;
  response.setHeader("content-type", "application/json; charset=utf-8");
  for (const [header, value] of Object.entries(headers ?? {})) response.setHeader(header, value);
  if (fault?.send) fault.send(response, text);
  else response.setHeader("content-length", Buffer.byteLength(text)).end(text);
}

function reply(url: string, api: Api, fault: FaultName | undefined): HttpReply {
  const [path = "", query = ""] = url.split("?", 2);
  return api(path.endsWith("/") ? path : `${path}/`, new URLSearchParams(query), fault);
}
