/** What a live value costs through this package, against undici alone and against Node-RED's own nodes. See README.md. */
import { type Contenders, NAMES, type Name, overCloud, overLan } from "./support/contenders.js";
import { EmbeddedNodeRed } from "./support/embedded-node-red.js";
import { benchFlow } from "./support/flow.js";
import { type Cost, compare, median, ratio } from "./support/measure.js";
import { type Check, check, finish } from "./support/report.js";
import { assertSameAnswer } from "./support/same-answer.js";
import { startServer } from "./support/start-server.js";

const ROUNDS = 21;

interface Scenario {
  title: string;
  contenders: Contenders;
  /** How many messages are under way at any time. */
  width: number;
  /** How many times as fast as the core pair the node must be. */
  nodeToCore?: number;
  clientToUndici?: number;
}

type Costs = Record<Name, Cost[]>;

const us = (costs: Cost[]) => costs.map(({ us }) => us);
const cpu = (costs: Cost[]) => costs.map(({ cpuUs }) => cpuUs);

function tell({ title }: Scenario, costs: Costs): void {
  console.log(`\n${title}`);
  const row = (name: Name) => ({
    "messages/s": Math.round(1e6 / median(us(costs[name]))),
    "µs a message": Math.round(median(us(costs[name]))),
    "CPU µs a message": Math.round(median(cpu(costs[name]))),
  });
  console.table(Object.fromEntries(NAMES.map((name) => [name, row(name)])));
}

function checksOf({ title, nodeToCore, clientToUndici }: Scenario, { undici, client, node, core }: Costs): Check[] {
  const checks: Check[] = [];
  if (nodeToCore) {
    checks.push(check(`${title}: node's messages/s to the core pair's`, ratio(us(core), us(node)), ">=", nodeToCore));
  }
  if (clientToUndici) {
    checks.push(
      check(`${title}: client's time to undici's`, ratio(us(client), us(undici)), "<=", clientToUndici),
      check(`${title}: client's CPU to undici's`, ratio(cpu(client), cpu(undici)), "<=", clientToUndici),
    );
  }
  return checks;
}

async function run(scenario: Scenario): Promise<Check[]> {
  await assertSameAnswer(scenario.contenders);
  const costs = await compare(scenario.contenders, scenario.width, ROUNDS);
  tell(scenario, costs);
  return checksOf(scenario, costs);
}

function scenarios(hosts: string[], nodeRed: EmbeddedNodeRed): Scenario[] {
  const [host = ""] = hosts;
  const cloud = overCloud(host, nodeRed);
  const lan = overLan([host], nodeRed);
  return [
    { title: "Cloud, one at a time", contenders: cloud, width: 1, nodeToCore: 3, clientToUndici: 1.5 },
    { title: "Cloud, 16 at a time", contenders: cloud, width: 16, nodeToCore: 3 },
    { title: "LAN, one at a time", contenders: lan, width: 1, nodeToCore: 1, clientToUndici: 1.5 },
    { title: "LAN, 16 at a time to 16 CEMMs", contenders: overLan(hosts, nodeRed), width: 16, nodeToCore: 1 },
    { title: "LAN, 16 at a time to one CEMM", contenders: lan, width: 16 },
  ];
}

async function main(): Promise<void> {
  // tsx has them on, Node-RED has not: each error that undici makes to close a connection would be traced to its source.
  process.setSourceMapsEnabled(false);
  const { hosts, stop } = await startServer();
  const nodeRed = await EmbeddedNodeRed.start(benchFlow(hosts[0] ?? ""));
  try {
    const checks: Check[] = [];
    for (const scenario of scenarios(hosts, nodeRed)) checks.push(...(await run(scenario)));
    finish(checks);
  } finally {
    await nodeRed.stop();
    stop();
  }
}

main().then(
  () => process.exit(),
  (error) => {
    console.error(error);
    process.exit(1);
  },
);
