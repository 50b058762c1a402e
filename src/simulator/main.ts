#!/usr/bin/env node
/** The command `cemm-simulator`. */
import { parseArgs } from "node:util";
import { faultNamed, faultNames } from "./faults.js";
import { type Given, OptionError } from "./options.js";
import { PortError } from "./ports.js";
import { type Simulator, startSimulator } from "./simulator.js";

const text = { type: "string" } as const;
/** Maximum number of CEMMs shown, one per line. */
const MAX_SHOWN = 10;

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
  latency: text,
  meters: text,
  json: { type: "boolean" },
  fault: { type: "string", multiple: true },
  help: { type: "boolean", short: "h" },
} as const;

const HELP = `Usage: cemm-simulator [options]

Simulates CEMM energy monitors: their local API, the cloud API in front of them, and discovery by UDP.
Once it listens, it prints its addresses, the uids of the CEMMs and the API key: as one line of JSON, and in words.

  --host <address>        address to listen on (127.0.0.1)
  --lan-port <port>       local API of the first CEMM; the n-th has this + n - 1 (8080; 0: any free ports;
                          with more than 100 CEMMs there is none unless you give it)
  --cloud-port <port>     cloud API (8081, or the first port after the local APIs if they take it; 0: any)
  --udp-port <port>       discovery (9777; 0: any)
  --api-key <key>         the cloud API's key (demo)
  --devices <n>           how many CEMMs, 1 to 1000 (1)
  --meters <aliases>      the meters of each, separated by commas: p1,p1-gas,pulse-1 (a full house, then smaller ones)
  --timezone <name>       their time zone, an IANA name (Europe/Amsterdam)
  --seed <n>              another seed, another household (1)
  --promise <ms>[:<share>]  how long a cloud promise takes (0: none; it expires after 10000), and the share of
                          requests that get one (1)
  --latency <ms>          delay of each answer, ms (0)
  --fault <name>:<share>  this share of the requests, 0 to 1, gets this fault; repeatable
  --json                  only the line of JSON
  --help                  this text

Faults:
${faultNames.map((name) => `  ${name.padEnd(17)}${faultNamed(name).does} (${faultNamed(name).apis.join(", ")})`).join("\n")}
`;

type Arguments = ReturnType<typeof parseArgs<{ options: typeof OPTIONS }>>["values"];

function optionsOf(values: Arguments): Given {
  const { host, timezone } = values;
  const [promise, promiseShare] = values.promise?.split(":") ?? [];
  const numbers = {
    lanPort: number("lan-port", values["lan-port"]),
    cloudPort: number("cloud-port", values["cloud-port"]),
    udpPort: number("udp-port", values["udp-port"]),
    devices: number("devices", values.devices),
    seed: number("seed", values.seed),
    promise: number("promise", promise),
    promiseShare: number("promise", promiseShare, SHARE),
    latency: number("latency", values.latency),
  };
  const meters = values.meters?.split(",").map((alias) => alias.trim());
  return { host, timezone, meters, apiKey: values["api-key"], ...numbers, faults: faults(values.fault ?? []) };
}

function parse(): Arguments {
  try {
    return parseArgs({ options: OPTIONS }).values;
  } catch (error) {
    throw new OptionError(error instanceof Error ? error.message : String(error));
  }
}

const WHOLE = { name: "a whole number", form: /^\d+$/ };
const SHARE = { name: "a share, e.g. 0.5", form: /^\d*\.?\d+$/ };

function number(option: string, value: string | undefined, { name, form } = WHOLE): number | undefined {
  if (value === undefined) return undefined;
  if (!form.test(value)) throw new OptionError(`--${option}: "${value}" is not ${name}`);
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
  const values = parse();
  if (values.help) {
    console.log(HELP);
    return;
  }
  const { close, ...shown } = await startSimulator(optionsOf(values));
  const end = (): void => {
    close().catch(fail);
  };
  process.once("SIGINT", end).once("SIGTERM", end);
  console.log(JSON.stringify(shown));
  // Not to standard output, which programs read.
  if (!values.json) console.error(inWords(shown));
}

function inWords({ addresses, uids, apiKey }: Omit<Simulator, "close">): string {
  const cemms = uids.slice(0, MAX_SHOWN).map((uid, n) => `  ${uid}  ${addresses.lan[n] ?? "through the cloud only"}`);
  const more = uids.length > MAX_SHOWN ? [`  and ${uids.length - MAX_SHOWN} more`] : [];
  return [
    `Simulating ${uids.length === 1 ? "a CEMM" : `${uids.length} CEMMs`}; a search finds those with an address:`,
    ...cemms,
    ...more,
    `Cloud: base address ${addresses.cloud}, API key ${apiKey}`,
    "Ctrl-C to stop.",
  ].join("\n");
}

function fail(error: unknown): void {
  const isExpected = error instanceof OptionError || error instanceof PortError;
  console.error(isExpected ? `cemm-simulator: ${error.message}` : error);
  if (error instanceof OptionError) console.error("Try --help.");
  process.exitCode = error instanceof OptionError ? 2 : 1;
}

main().catch(fail);
