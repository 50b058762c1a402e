/** A scratch copy of what the project's own scripts read and write, as a git repository. */
import { execFileSync, spawnSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { devNull, tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";

const root = resolve(__dirname, "../..");

export class ScratchProject {
  private readonly folder = mkdtempSync(join(tmpdir(), "cemm-project-"));

  constructor(...paths: string[]) {
    for (const path of paths) cpSync(join(root, path), this.path(path), { recursive: true });
  }

  path(path: string): string {
    return join(this.folder, path);
  }

  read(path: string): string {
    return readFileSync(this.path(path), "utf8");
  }

  json(path: string): Record<string, unknown> {
    return JSON.parse(this.read(path));
  }

  write(path: string, text: string): void {
    mkdirSync(dirname(this.path(path)), { recursive: true });
    writeFileSync(this.path(path), text);
  }

  git(...args: string[]): string {
    return execFileSync("git", args, { cwd: this.folder, encoding: "utf8" }).trim();
  }

  commitAll(): void {
    this.git("init", "--quiet");
    this.git("config", "user.name", "test");
    this.git("config", "user.email", "test@localhost");
    this.git("add", "--all");
    this.git("commit", "--quiet", "--message", "as it stands");
  }

  /** Runs a script from scripts/, from its own copy if it has one, and returns the result. */
  run(script: string, ...args: string[]): { status: number | null; output: string } {
    // Not the name of the user who runs the tests.
    const env = { ...process.env, GIT_CONFIG_GLOBAL: devNull, GIT_CONFIG_NOSYSTEM: "1" };
    const own = this.path(`scripts/${script}.mjs`);
    const program = existsSync(own) ? own : join(root, "scripts", `${script}.mjs`);
    const options = { cwd: this.folder, env, encoding: "utf8" } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...args], options);
    return { status, output: stdout + stderr };
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
