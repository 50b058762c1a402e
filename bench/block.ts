/** How long one answer blocks everything else: bodies that exhaust a parser, and a message for each channel. */
import { excessIn } from "./support/built.js";
import { startLive } from "./support/flow.js";
import { longestBlock, median } from "./support/measure.js";
import { bench, type Check, check, table } from "./support/report.js";
import { startServer } from "./support/start-server.js";

const BYTES = 4 * 1024 * 1024;
const ROUNDS = 5;
const CHANNELS = 200;
const NESTED = "nested lists";

const filled = (begin: string, part: string, end: string) =>
  begin + part.repeat((BYTES - begin.length - end.length) / part.length) + end;

const KINDS: Record<string, string> = {
  "empty entries": filled('{"data":[', "{},", "{}]}"),
  pairs: filled('{"data":{"p1":[', "[0,1],", "[0,1]]}}"),
  [NESTED]: filled("", "[", ""),
  "empty texts": filled('{"data":[', '"",', '""]}'),
  "one long text": filled('{"data":"', "x", '"}'),
  "escaped quotes": filled('{"data":"', '\\"', '"}'),
  "escaped backslashes": filled('{"data":"', "\\\\", '"}'),
  digits: filled('{"data":', "1", "}"),
  blanks: filled('{"data":', " ", "1}"),
  "200,000 channels": `{"data":{${Array.from({ length: 200_000 }, (_, n) => `"channel_${n}":[0,1]`).join()}}}`,
};

/** The median CPU time in ms. */
function cpuMs(work: () => unknown): number {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const began = process.cpuUsage();
    work();
    const { user, system } = process.cpuUsage(began);
    return (user + system) / 1000;
  });
  return median(rounds);
}

/** The check before parsing, compared to parsing itself. */
function bodies(): Check[] {
  const rows: Record<string, Record<string, number>> = {};
  for (const [kind, text] of Object.entries(KINDS)) {
    const checked = cpuMs(() => excessIn(text));
    rows[kind] = { "checked, ms": checked };
    // V8's parser fails on these.
    if (kind !== NESTED) rows[kind]["JSON.parse, ms"] = cpuMs(() => JSON.parse(text));
  }
  console.log("4 MiB of each kind");
  table(rows);
  const longest = Math.max(...Object.values(rows).map((row) => row["checked, ms"] ?? Number.NaN));
  return [check("4 MiB of any kind: check before parsing, ms", longest, "<=", 50)];
}

async function split(): Promise<Check[]> {
  const server = await startServer();
  const nodeRed = await startLive(server.hosts[0] ?? "");
  const ask = () => nodeRed.ask("cemm-split", { alias: `channels-${CHANNELS}` }, CHANNELS);
  // The first request loads the HTTP client.
  await ask();
  const blocks: number[] = [];
  for (let n = 0; n < ROUNDS; n++) blocks.push(await longestBlock(ask));
  await nodeRed.stop();
  server.stop();
  return [check(`${CHANNELS} channels, one message each: longest block, ms`, median(blocks), "<=", 100)];
}

bench(async () => [...bodies(), ...(await split())]);
