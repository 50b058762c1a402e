/** The page's own files, from dist/page. */
import { readdirSync, readFileSync } from "node:fs";
import { extname, join } from "node:path";
import { gzipSync } from "node:zlib";
import type { Request, Response } from "express";

const FOLDER = join(__dirname, "../../page");

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

interface PageFile {
  type: string;
  plain: Buffer;
  gzip: Buffer;
}

let files: ReadonlyMap<string, PageFile> | undefined;

/**
 * Read and compressed once, for the first browser: express has no compression, and a phone's connection may be slow.
 */
function load(): ReadonlyMap<string, PageFile> {
  const names = readdirSync(FOLDER).filter((name) => TYPES[extname(name)]);
  return new Map(
    names.map((name) => {
      const plain = readFileSync(join(FOLDER, name));
      return [`/${name}`, { type: TYPES[extname(name)] ?? "", plain, gzip: gzipSync(plain) }];
    }),
  );
}

/**
 * `path`: `/page.js`; `/` is the page itself. Browsers revalidate each time, so that an update of the package takes
 * effect immediately.
 */
export function sendFile(request: Request, response: Response, path: string): void {
  files ??= load();
  const file = files.get(path === "/" ? "/index.html" : path);
  if (!file) {
    response.status(404).end();
    return;
  }
  response.set({ "Content-Type": file.type, "Cache-Control": "no-cache", Vary: "Accept-Encoding" });
  if (request.acceptsEncodings("gzip")) response.set("Content-Encoding", "gzip").send(file.gzip);
  else response.send(file.plain);
}
