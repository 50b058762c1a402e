/** The pages that this Node-RED serves, by their paths. */
import type { NextFunction, Request, RequestHandler, Response } from "express";
import type { NodeAPI } from "node-red";

/** Whoever wants a path. */
export interface Page {
  /** Answers a request; `rest` is what follows the page's path: `/api/house`, or nothing. */
  serve(request: Request, response: Response, rest: string): void;
  /** Called when it has its path to itself: at once, or when the page that had it is gone. */
  start(): void;
  /** Called when another page has its path. */
  wait(): void;
}

/** What is needed of Node-RED. The middleware may be a list, too, which its types do not know. */
interface Served extends Pick<NodeAPI, "httpNode"> {
  settings: { httpNodeMiddleware?: RequestHandler | RequestHandler[] | undefined };
}

/**
 * Mounted once, below httpNodeRoot and behind httpNodeAuth, which hold for all of `RED.httpNode`. Which page answers is
 * looked up, so that a deploy need not take a route out of express, which has no way to.
 */
export class Pages {
  /** By path; the first one has it, the others wait. */
  readonly #pages = new Map<string, Page[]>();

  constructor({ httpNode, settings }: Served) {
    const middleware = [settings.httpNodeMiddleware ?? []].flat();
    httpNode.use((request, response, next) => {
      const path = this.#pathOf(request);
      if (path === undefined) return next();
      inTurn(middleware, request, response, (error) => (error ? next(error) : this.#serve(path, request, response)));
    });
  }

  add(path: string, page: Page): void {
    const others = this.#pages.get(path) ?? [];
    this.#pages.set(path, [...others, page]);
    if (others.length > 0) page.wait();
    else page.start();
  }

  remove(path: string, page: Page): void {
    const all = this.#pages.get(path) ?? [];
    const left = all.filter((each) => each !== page);
    if (left.length === 0) this.#pages.delete(path);
    else this.#pages.set(path, left);
    if (all[0] === page) left[0]?.start();
  }

  #pathOf({ path }: Request): string | undefined {
    return [...this.#pages.keys()].find((page) => path === page || path.startsWith(`${page}/`));
  }

  #serve(path: string, request: Request, response: Response): void {
    // Meanwhile a deploy may have ended it.
    const page = this.#pages.get(path)?.[0];
    if (!page) response.status(404).end();
    else if (request.method === "GET") page.serve(request, response, request.path.slice(path.length));
    else response.status(405).set("Allow", "GET").end();
  }
}

function inTurn(handlers: readonly RequestHandler[], request: Request, response: Response, end: NextFunction): void {
  const [first, ...rest] = handlers;
  if (!first) end();
  else first(request, response, (error) => (error ? end(error) : inTurn(rest, request, response, end)));
}
