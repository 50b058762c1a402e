#!/usr/bin/env node
/** The command `cemm-simulator`. */
import { parseArgs } from "node:util";
import { faultNamed, faultNames } from "./faults.js";
import { type Given, OptionError } from "./options.js";
import { PortError } from "./ports.js";
import { startSimulator } from "./simulator.js";

const text = { type: "string" } as const;
const OPTIONS = {
  host: text,
  "lan-port": text,
  "cloud-port": text,
  "udp-port": text,
  "api-key": text,
  devices: text,
  timezone: text,
  seed: text,
  promise: text,
  fault: { type: "string", multiple: true },
  help: { type: "boolean", short: "h" },
} as const;

const HELP = `Usage: cemm-simulator [options]

Simulates CEMM energy monitors: their local API, the cloud API in front of them, and discovery by UDP.
Once it listens it prints one line of JSON: its addresses, the uids of the CEMMs and the API key.

  --host <address>        address to listen on (127.0.0.1)
  --lan-port <port>       local API of the first CEMM, the n-th has this + n - 1 (8080; 0: any free ports)
  --cloud-port <port>     cloud API (8081, or the first port after the local APIs' where they need it; 0: any)
  --udp-port <port>       discovery (9777; 0: any)
  --api-key <key>         the cloud API's key (demo)
  --devices <n>           how many CEMMs (1)
  --timezone <name>       where they stand, an IANA name (Europe/Amsterdam)
  --seed <text>           another seed, another household (1)
  --promise <ms>          how long a cloud promise takes (0: none; it expires after 10000)
  --fault <name>:<share>  this share of the requests, 0 to 1, meets this fault; repeatable
  --help                  this text

Faults:
${faultNames.map((name) => `  ${name.padEnd(17)}${faultNamed(name).does} (${faultNamed(name).routes.join(", ")})`).join("\n")}
`;

function readOptions(): Given | "help" {
  const { values } = parse();
  if (values.help) return "help";
  const { host, timezone, seed } = values;
  const numbers = {
    lanPort: number("lan-port", values["lan-port"]),
    cloudPort: number("cloud-port", values["cloud-port"]),
    udpPort: number("udp-port", values["udp-port"]),
    devices: number("devices", values.devices),
    promise: number("promise", values.promise),
  };
  return { host, timezone, seed, apiKey: values["api-key"], ...numbers, faults: faults(values.fault ?? []) };
}

function parse(): { values: ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>["values"] } {
  try {
    return parseArgs({ options: OPTIONS });
  } catch (error) {
    throw new OptionError(error instanceof Error ? error.message : String(error));
  }
}

function number(option: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (!/^\d+$/.test(value)) throw new OptionError(`--${option}: "${value}" is not a whole number`);
  return Number(value);
}

function faults(values: readonly string[]): Record<string, number> {
  return Object.fromEntries(
    values.map((value) => {
      const [, name, share] = /^([^:]+):(\d*\.?\d+)$/.exec(value) ?? [];
      if (name === undefined) throw new OptionError(`--fault: "${value}" is not <name>:<share>, e.g. 503:0.2`);
      return [name, Number(share)];
    }),
  );
}

async function main(): Promise<void> {
  const options = readOptions();
  if (options === "help") {
    console.log(HELP);
    return;
  }
  const { close, ...shown } = await startSimulator(options);
  const end = (): void => {
    close().catch(fail);
  };
  process.once("SIGINT", end).once("SIGTERM", end);
  console.log(JSON.stringify(shown));
}

function fail(error: unknown): void {
  const isExpected = error instanceof OptionError || error instanceof PortError;
  console.error(isExpected ? `cemm-simulator: ${error.message}` : error);
  if (error instanceof OptionError) console.error("Try --help.");
  process.exitCode = error instanceof OptionError ? 2 : 1;
}

main().catch(fail);
