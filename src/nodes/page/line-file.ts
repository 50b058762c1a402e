/** A file of JSON lines. A line that was cut off by a crash is skipped. */
import { appendFile, mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";

export class LineFile {
  /** Operations run one after another. */
  #turn: Promise<unknown> = Promise.resolve();
  /** Whether the file ends in a cut-off line. */
  #isCut = false;

  /** `path`: undefined: nothing is stored. `onError`: the file could not be written. */
  constructor(
    private readonly path: string | undefined,
    private readonly onError: (error: unknown) => void,
  ) {}

  /** The values of all lines; invalid JSON is skipped. */
  async read(): Promise<unknown[]> {
    const text = await this.#text();
    this.#isCut = text !== "" && !text.endsWith("\n");
    return text.split("\n").flatMap((line) => parse(line));
  }

  append(...values: object[]): void {
    const path = this.path;
    if (path === undefined) return;
    // Serialised now, because the values may change before the write.
    const text = linesOf(values);
    this.#inTurn(async () => {
      const begin = this.#isCut ? "\n" : "";
      this.#isCut = false;
      await mkdir(dirname(path), { recursive: true });
      await appendFile(path, begin + text, { mode: 0o600 });
    });
  }

  /** Replaces all lines, through a temporary file: the old one stays until the new one is complete. */
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
      // The file is a cache: a missing or unreadable one counts as empty.
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
