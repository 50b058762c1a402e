/** Mosquitto's files as docs/fleet.md shows them, with users, rights and TLS: what it says is what runs. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";

/** What a client of the broker needs; its user is its name. */
export interface Login {
  host: string;
  /** The file that tells whom to trust. */
  ca: string;
  password: string;
}

const PAGE = readFileSync(resolve(__dirname, "../../docs/fleet.md"), "utf8");
const HOST = "localhost";
const PASSWORD = "only-a-test";
/** Sites have no line of their own in the file of rights. */
export const SITE = "house";

/** Writes them all into a folder. The result: the lines of the configuration, but for the port. */
export function guard(folder: string, port: number): { config: string[]; login: Login } {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "acl"), shown("/etc/mosquitto/acl"));
  writeFileSync(join(folder, "passwd"), "");
  for (const user of [...users(), SITE]) run(folder, "mosquitto_passwd", ["-b", "passwd", user, PASSWORD]);
  for (const [command = "", ...args] of certificates()) run(folder, command, args);
  const config = shown("/etc/mosquitto/conf.d/fleet.conf")
    .replaceAll("/etc/mosquitto/certs/", `${folder}/`)
    .replaceAll("/etc/mosquitto/", `${folder}/`)
    .replace(/^listener \d+$/m, `listener ${port} ${HOST}`);
  return { config: config.split("\n"), login: { host: HOST, ca: join(folder, "ca.crt"), password: PASSWORD } };
}

export function users(): string[] {
  return [...shown("/etc/mosquitto/acl").matchAll(/^user (\S+)$/gm)].map(([, user = ""]) => user);
}

/** The page's file of that name: a block that begins with a comment that names it. */
function shown(file: string): string {
  const [, text] = new RegExp(`\`\`\`\\n# ${file}\\n([\\s\\S]*?)\n\`\`\``).exec(PAGE) ?? [];
  if (text === undefined) throw new Error(`docs/fleet.md does not show ${file}.`);
  return text;
}

/** The page's commands, for a broker on this machine. */
function certificates(): string[][] {
  const commands = [...PAGE.matchAll(/^openssl .*$/gm)].map(([line]) => line.replaceAll("broker.example.org", HOST));
  return commands.map((line) => [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, word]) => quoted ?? word ?? ""));
}

function run(cwd: string, command: string, args: string[]): void {
  execFileSync(command, args, { cwd, stdio: ["ignore", "ignore", "pipe"] });
}
