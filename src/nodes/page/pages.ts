/** The pages that this Node-RED serves, by their paths. */
import type { NextFunction, Request, RequestHandler, Response } from "express";
import type { NodeAPI } from "node-red";

/** A page at a path. */
export interface Page {
  /** Answers a request; `rest` is the part after the page's path: `/api/house`, or empty. */
  serve(request: Request, response: Response, rest: string): void;
  /** Called when the path is free for it: immediately, or when the previous owner is gone. */
  start(): void;
  /** Called when another page has its path. */
  wait(): void;
}

/** The part of Node-RED that is used. Its types do not say that the middleware may also be a list. */
interface Served extends Pick<NodeAPI, "httpNode"> {
  settings: { httpNodeMiddleware?: RequestHandler | RequestHandler[] | undefined };
}

/**
 * Mounted once, below httpNodeRoot and behind httpNodeAuth, which apply to all of `RED.httpNode`. The page is looked up
 * by path, because express cannot remove a route on deploy.
 */
export class Pages {
  /** By path; the first one owns it, the others wait. */
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

  /** The longest one, since a page may be below another. */
  #pathOf({ path }: Request): string | undefined {
    const paths = [...this.#pages.keys()].filter((page) => path === page || path.startsWith(`${page}/`));
    return paths.sort((a, b) => b.length - a.length)[0];
  }

  #serve(path: string, request: Request, response: Response): void {
    // A deploy may have closed it meanwhile.
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
