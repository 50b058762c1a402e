/** One live value by this package, compared to plain undici and to Node-RED's own nodes. See README.md. */
import { assertSameMessage, type Contenders, NAMES, type Name, overCloud, overLan } from "./support/contenders.js";
import { startLive } from "./support/flow.js";
import { type Costs, compare, median, ratio } from "./support/measure.js";
import { bench, type Check, check } from "./support/report.js";
import { startServer } from "./support/start-server.js";

const ROUNDS = 21;
const CEMMS = 16;

interface Scenario {
  title: string;
  contenders: Contenders;
  /** How many messages are processed at the same time. */
  width: number;
  /** Minimum ratio of the node's messages a second to the core pair's. */
  nodeToCore: number;
  /** Maximum ratio of the node's CPU to undici's. */
  nodeToUndici?: number;
}

function show({ title }: Scenario, costs: Record<Name, Costs>): void {
  console.log(`\n${title}`);
  const row = (name: Name) => ({
    "messages/s": Math.round(1e6 / median(costs[name].us)),
    "µs a message": Math.round(median(costs[name].us)),
    "CPU µs a message": Math.round(median(costs[name].cpu)),
  });
  console.table(Object.fromEntries(NAMES.map((name) => [name, row(name)])));
}

function checksOf(
  { title, width, nodeToCore, nodeToUndici }: Scenario,
  { undici, client, node, core }: Record<Name, Costs>,
): Check[] {
  const checks = [check(`${title}: node's messages/s to the core pair's`, ratio(core.us, node.us), ">=", nodeToCore)];
  if (width === 1) {
    checks.push(check(`${title}: client's time to undici's`, ratio(client.us, undici.us), "<=", 1.5));
    checks.push(check(`${title}: client's CPU to undici's`, ratio(client.cpu, undici.cpu), "<=", 1.5));
  }
  if (nodeToUndici)
    checks.push(check(`${title}: node's CPU to undici's`, ratio(node.cpu, undici.cpu), "<=", nodeToUndici));
  return checks;
}

async function run(scenario: Scenario): Promise<Check[]> {
  await assertSameMessage(scenario.contenders);
  const costs = await compare(scenario.contenders, scenario.width, ROUNDS);
  show(scenario, costs);
  return checksOf(scenario, costs);
}

bench(async () => {
  const { hosts, stop } = await startServer({ cemms: CEMMS });
  const [host = ""] = hosts;
  const nodeRed = await startLive(host);
  const [cloud, lan, lans] = [overCloud(host, nodeRed), overLan([host], nodeRed), overLan(hosts, nodeRed)];
  const scenarios: Scenario[] = [
    { title: "Cloud, one at a time", contenders: cloud, width: 1, nodeToCore: 3 },
    { title: "Cloud, 16 at a time", contenders: cloud, width: CEMMS, nodeToCore: 3 },
    { title: "LAN, one at a time", contenders: lan, width: 1, nodeToCore: 1, nodeToUndici: 1.5 },
    { title: "LAN, 16 at a time to 16 CEMMs", contenders: lans, width: CEMMS, nodeToCore: 1 },
  ];
  const checks: Check[] = [];
  for (const scenario of scenarios) checks.push(...(await run(scenario)));
  await nodeRed.stop();
  stop();
  return checks;
});
