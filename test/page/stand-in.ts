/**
 * A stand-in for the node: serves the built page with the example answers of one house and the node's content security
 * policy. To look at a house: `npx tsx test/page/stand-in.ts default 8090`.
 */
import { readFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import { resolve } from "node:path";
import { z } from "zod";
import { House, Live, PeriodView, Readings } from "../../src/lib/energy/view.js";

const built = resolve(__dirname, "../../dist/page");
const fixtures = resolve(__dirname, "../fixtures/page");
/** Below a path, as with Node-RED's httpNodeRoot or behind a proxy. */
const ROOT = "/home/energy/";

const POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'";

const TYPES: Record<string, string> = {
  html: "text/html; charset=utf-8",
  js: "text/javascript",
  css: "text/css",
  svg: "image/svg+xml",
};

export const Answers = z.strictObject({
  house: House,
  live: Live,
  day: PeriodView,
  month: PeriodView,
  year: PeriodView,
  readings: Readings,
});
export type Answers = z.infer<typeof Answers>;

export function answersOf(house: string): Answers {
  return Answers.parse(JSON.parse(readFileSync(resolve(fixtures, `${house}.json`), "utf8")));
}

export interface StandIn {
  url: string;
  /** Replaces the answers and sends them to all listeners. */
  show(answers: Answers): void;
  /** Closes the listeners' connections. */
  drop(): void;
  stop(): Promise<void>;
}

export async function startStandIn(first: Answers, port = 0): Promise<StandIn> {
  let answers = first;
  const listeners = new Set<ServerResponse>();
  const sendTo = (response: ServerResponse) => {
    for (const event of ["house", "live"] as const)
      response.write(`event: ${event}\ndata: ${JSON.stringify(answers[event])}\n\n`);
  };
  const server = createServer(({ url = "" }, response) => {
    if (url === `${ROOT}api/events`) listen(response);
    else reply(url.slice(ROOT.length), answers, response);
  });
  const listen = (response: ServerResponse) => {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    listeners.add(response);
    response.on("close", () => listeners.delete(response));
    sendTo(response);
  };
  await new Promise<void>((done) => server.listen(port, "127.0.0.1", done));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("not listening");
  return {
    url: `http://127.0.0.1:${address.port}${ROOT}`,
    show(next) {
      answers = next;
      for (const listener of listeners) sendTo(listener);
    },
    drop() {
      for (const listener of listeners) listener.end();
    },
    async stop() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

function reply(path: string, answers: Answers, response: ServerResponse): void {
  const [api, what = "", date] = path.split("/");
  if (api === "api") replyJson(answerTo(answers, what, date), response);
  else replyFile(path || "index.html", response);
}

function replyFile(name: string, response: ServerResponse): void {
  try {
    const body = readFileSync(resolve(built, name));
    const type = TYPES[name.split(".").at(-1) ?? ""] ?? "";
    response.writeHead(200, { "content-type": type, "content-security-policy": POLICY }).end(body);
  } catch {
    response.writeHead(404).end();
  }
}

function answerTo(answers: Answers, what: string, date = ""): unknown {
  if (what === "house" || what === "readings") return answers[what];
  if (what === "day" || what === "month" || what === "year") return { ...answers[what], name: date };
  return undefined;
}

function replyJson(body: unknown, response: ServerResponse): void {
  const status = body === undefined ? 404 : 200;
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body ?? {}));
}

async function main([house = "default", port = "8090"]: string[]): Promise<void> {
  console.log((await startStandIn(answersOf(house), Number(port))).url);
}

if (require.main === module) void main(process.argv.slice(2));
