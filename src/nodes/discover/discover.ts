import type { Node, NodeAPI } from "node-red";
import {
  CemmClient,
  CemmError,
  DISCOVERY_PORT,
  type DiscoveredCemm,
  discover,
  LIMITS,
  type Meter,
  type RouteName,
  Turns,
} from "../../lib/internal.js";
import { accountOf } from "../shared/config-nodes.js";
import { type FlowDef, FlowNode, type Run } from "../shared/flow-node.js";
import { type Origin, partOf, topicFor } from "../shared/message.js";

interface DiscoverDef extends FlowDef {
  source?: string;
  account?: string;
  timeout?: string | number;
  broadcast?: string;
  port?: string | number;
  details?: boolean;
  deliver?: string;
}

/** A CEMM in `msg.payload`. The cloud lists less: no host, model, core and state. */
interface CemmPayload extends Omit<DiscoveredCemm, "host"> {
  host?: string;
  source: RouteName;
  name?: string | null;
  firmware?: string | null;
  meters?: Meter[];
}

/** Called for each CEMM with its index; the count is known only for the cloud's list. */
type OnFound = (cemm: CemmPayload, part: { index: number; count?: number }) => void;

export default function (RED: NodeAPI): void {
  function CemmDiscoverNode(this: Node, config: DiscoverDef): void {
    RED.nodes.createNode(this, config);
    const answer = async (run: Run): Promise<void> => {
      const requestedAt = Date.now();
      const search = searches.get(config.source ?? "lan");
      if (!search) throw new CemmError("CEMM_INPUT", `Search: "${config.source}" is not a source; use lan or cloud.`);
      const isEach = config.deliver === "each";
      const id = RED.util.generateId();
      const found = await search(RED, run, config, (cemm, part) => {
        if (!isEach) return;
        const changes = changesFor(run, config, requestedAt, cemm);
        run.send(partOf(RED, run.msg, changes, { id, type: "array", ...part }));
      });
      if (!isEach) run.send(Object.assign(run.msg, changesFor(run, config, requestedAt, found)));
      run.status.answered(run.status.count("found", found.length));
    };
    new FlowNode(RED, this, answer);
  }
  RED.nodes.registerType("cemm-discover", CemmDiscoverNode);
}

type Search = (RED: NodeAPI, run: Run, config: DiscoverDef, onFound: OnFound) => Promise<CemmPayload[]>;

const searches = new Map<string, Search>([
  ["lan", searchLan],
  ["cloud", searchCloud],
]);

async function searchLan(_: NodeAPI, run: Run, config: DiscoverDef, onFound: OnFound): Promise<CemmPayload[]> {
  const { port, details } = config;
  const seconds = Number(config.timeout || LIMITS.searchTime.default);
  const broadcast = String(config.broadcast ?? "").trim();
  const found: Promise<CemmPayload>[] = [];
  const askDetails = detailsAsker(run, seconds);
  await discover({
    timeout: seconds * 1000,
    ...(broadcast && { broadcast: broadcast.split(",").map((address) => address.trim()) }),
    port: Number(port || DISCOVERY_PORT),
    signal: run.options.signal,
    onFound: (cemm) => {
      const index = found.length;
      const more = details && index < LIMITS.details.cemms ? askDetails(cemm) : undefined;
      const complete = withDetails({ ...cemm, source: "lan" }, more, (each) => onFound(each, { index }));
      // Awaited after the search; without this, Node would report an earlier rejection as unhandled.
      complete.catch(() => {});
      found.push(complete);
    },
  });
  return (await Promise.all(found)).sort((a, b) => (a.uid < b.uid ? -1 : 1));
}

async function searchCloud(RED: NodeAPI, run: Run, config: DiscoverDef, onFound: OnFound): Promise<CemmPayload[]> {
  const account = accountOf(RED, config.account, `The cemm-discover node "${config.name || config.id}"`);
  const client = new CemmClient({ access: "cloud", account });
  const uids = await account.cemms(run.options);
  const found = uids.map((uid, index) => {
    const more = config.details ? cloudDetails(client, uid, run) : undefined;
    return withDetails(cloudCemm(uid), more, (each) => onFound(each, { index, count: uids.length }));
  });
  return Promise.all(found);
}

function cloudCemm(uid: string): CemmPayload {
  return { uid, mac: uid.replaceAll("-", ":"), model: null, core: null, initState: null, source: "cloud" };
}

/** The CEMM with its details, or without them if it does not answer. */
async function withDetails(
  cemm: CemmPayload,
  details: Promise<Partial<CemmPayload>> | undefined,
  onFound: (cemm: CemmPayload) => void,
): Promise<CemmPayload> {
  const complete = { ...cemm, ...(await details?.catch(() => ({}))) };
  onFound(complete);
  return complete;
}

/** Asks CEMMs for their details, a few at a time: one that hangs must not delay the others for long. */
function detailsAsker({ options }: Run, seconds: number): (cemm: DiscoveredCemm) => Promise<Partial<CemmPayload>> {
  const turns = new Turns();
  const timeout = Math.max(1, seconds);
  let signal: AbortSignal | undefined;
  const ask = async ({ uid, host }: DiscoveredCemm) => {
    signal ??= AbortSignal.any([options.signal, AbortSignal.timeout((seconds + timeout) * 1000)]);
    // Without the uid, because a client with a uid would search the network for it.
    const client = new CemmClient({ host, timeout, maxBody: LIMITS.details.bytes });
    const { uid: answered, name, firmware } = await client.info({ signal });
    if (answered !== uid) return {};
    const meters = await client.meters({ signal });
    return { name, firmware, meters };
  };
  return (cemm) => turns.run(cemm.host, () => ask(cemm));
}

async function cloudDetails(client: CemmClient, uid: string, run: Run): Promise<Partial<CemmPayload>> {
  return { meters: await client.at(uid).meters(run.options) };
}

function changesFor(run: Run, config: DiscoverDef, requestedAt: number, payload: CemmPayload | CemmPayload[]) {
  const { uid = null, host } = Array.isArray(payload) ? {} : payload;
  const cemm: Origin = {
    uid,
    device: "",
    alias: null,
    kind: "discover",
    source: config.source === "cloud" ? "cloud" : "lan",
    ...(host !== undefined && { host }),
    ioId: null,
    requestedAt,
    receivedAt: Date.now(),
    time: null,
    age: null,
    stale: false,
    channels: {},
  };
  return { payload, topic: topicFor(config.topic, run.msg, "cemm/discover"), cemm };
}
