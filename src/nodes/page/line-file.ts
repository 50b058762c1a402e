/** A file of JSON lines, each written whole or, where the machine stops, not at all: a broken line is left out. */
import { appendFile, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

export class LineFile {
  /** What is under way ends before the next begins. */
  #turn: Promise<unknown> = Promise.resolve();
  /** The file ends within a line that was cut off. */
  #isCut = false;

  /** `path`: undefined: nothing is kept. `onError`: it could not be written. */
  constructor(
    private readonly path: string | undefined,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** What each line holds; one that is no JSON is left out. */
  async read(): Promise<unknown[]> {
    const text = await this.#text();
    this.#isCut = text !== "" && !text.endsWith("\n");
    return text.split("\n").flatMap((line) => parse(line));
  }

  append(...values: object[]): void {
    const path = this.path;
    if (path === undefined) return;
    // Now, not when its turn comes: by then they may have changed.
    const text = linesOf(values);
    this.#inTurn(async () => {
      const begin = this.#isCut ? "\n" : "";
      this.#isCut = false;
      await mkdir(dirname(path), { recursive: true });
      await appendFile(path, begin + text, { mode: 0o600 });
    });
  }

  /** Puts these in place of all, by a file of its own: the old one stays until the new one is whole. */
  replace(values: readonly object[]): void {
    const path = this.path;
    if (path === undefined) return;
    const text = linesOf(values);
    this.#inTurn(async () => {
      this.#isCut = false;
      await mkdir(dirname(path), { recursive: true });
      await writeFile(`${path}.new`, text, { mode: 0o600 });
      await rename(`${path}.new`, path);
    });
  }

  remove(): Promise<void> {
    const path = this.path;
    if (path !== undefined) this.#inTurn(() => rm(path, { force: true }));
    return this.written();
  }

  /** Resolves when all is written. */
  async written(): Promise<void> {
    await this.#turn;
  }

  #inTurn(work: () => Promise<void>): void {
    this.#turn = this.#turn.then(work).catch(this.onError);
  }

  async #text(): Promise<string> {
    if (this.path === undefined) return "";
    try {
      return await readFile(this.path, "utf8");
    } catch {
      // There is none yet, or none that can be read: it is a cache.
      return "";
    }
  }
}

const linesOf = (values: readonly object[]): string => values.map((value) => `${JSON.stringify(value)}\n`).join("");

function parse(line: string): unknown[] {
  try {
    return line === "" ? [] : [JSON.parse(line)];
  } catch {
    return [];
  }
}
