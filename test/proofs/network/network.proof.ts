/** Real interfaces, broadcasts and addresses that change hands: readings must be of the right house, and come soon. */
import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { createServer } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import {
  type Answer,
  CemmAccount,
  CemmClient,
  type CemmClientOptions,
  CemmError,
  discover,
} from "../../../src/lib/index.js";
import { nothingEscaped } from "../support/process-events.js";
import { lastLine } from "../support/rows.js";
import { DeviceHost, HOUSE_A, ip } from "./device-hosts.js";

const UID_A = HOUSE_A.replaceAll(":", "-");
/** Seconds that an answer may take. */
const TIMEOUT = 8;
/** Milliseconds between two polls. */
const POLL_PAUSE = 250;

const tally = { readings: 0, wrong: 0 };
lastLine(() => `${tally.wrong} of ${tally.readings} readings were another house's`);

/** Polls house A, and keeps the answers and errors. */
class Watch {
  static readonly open: Watch[] = [];
  readonly answers: { answer: Answer; at: number }[] = [];
  readonly errors: CemmError[] = [];
  readonly lines: string[] = [];
  readonly client: CemmClient;

  constructor(
    options: CemmClientOptions,
    private readonly ask = (client: CemmClient) => client.realtime("p1"),
  ) {
    Watch.open.push(this);
    this.client = new CemmClient({
      uid: UID_A,
      timeout: TIMEOUT,
      name: "home",
      ...options,
      log: (line) => void this.lines.push(line),
    });
  }

  get codes(): string[] {
    return this.errors.map(({ code }) => code);
  }

  async poll(): Promise<Answer | undefined> {
    try {
      const answer = await this.ask(this.client);
      this.answers.push({ answer, at: performance.now() });
      tally.readings++;
      // House A uses 100 W, house B 900 W.
      if (answer.channels.electric_power?.samples.some(({ value }) => value !== 100)) tally.wrong++;
      return answer;
    } catch (error) {
      assert(error instanceof CemmError, String(error));
      this.errors.push(error);
      return undefined;
    }
  }

  async polls(count: number): Promise<void> {
    for (let n = 0; n < count; n++) {
      await this.poll();
      await delay(POLL_PAUSE);
    }
  }

  /** Polls until `from` accepts an answer; returns how long that took, in ms. */
  async until(from: (answer: Answer) => boolean, within: number): Promise<number> {
    const began = performance.now();
    while (performance.now() - began < within) {
      const answer = await this.poll();
      if (answer && from(answer)) return performance.now() - began;
      await delay(POLL_PAUSE);
    }
    const last = this.errors.at(-1);
    assert.fail(`not within ${within} ms; the last error: ${last?.code} ${last?.message}`);
  }
}

function report(what: string, ms: number): void {
  console.log(`      ${what}: ${(ms / 1000).toFixed(1)} s`);
}

describe("a client on real networks", () => {
  const hosts: DeviceHost[] = [];
  const [here, second, third] = [0, 1, 2].map((n) => () => hosts[n] ?? assert.fail("no such host"));
  assert(here && second && third);

  before(async () => {
    ip("link", "set", "lo", "up");
    for (const number of [1, 2, 3]) hosts.push(await DeviceHost.open(number));
  });
  after(() => {
    for (const host of hosts) host.close();
  });
  beforeEach(async () => {
    for (const host of hosts) await host.replaceDevices();
  });
  afterEach(() => {
    for (const { client } of Watch.open.splice(0)) client.close();
  });

  const search = async () => (await discover({ timeout: 1500 })).map(({ host }) => host);

  it("finds the CEMMs on three interfaces by a broadcast from port 9777", async () => {
    await here().replaceDevices(here().house("a", 10));
    await second().replaceDevices(second().house("b", 10));
    await third().replaceDevices({ ...third().house("a", 10), mac: "00:1E:C0:00:00:0C" });
    const found = await search();
    assert.deepEqual(found, ["10.91.1.10", "10.91.2.10", "10.91.3.10"]);
    for (const { heardFrom } of hosts) assert.deepEqual([...new Set(heardFrom.splice(0))], [9777]);
  });

  it("broadcasts from another port if 9777 is taken", async () => {
    await here().replaceDevices(here().house("a", 10));
    const blocker = createSocket("udp4").bind(9777);
    await once(blocker, "listening");
    const found = await search();
    blocker.close();
    assert.deepEqual(found, ["10.91.1.10"]);
    assert.ok(!here().heardFrom.splice(0).includes(9777));
  });

  it("searches on the other interfaces if one is down", async () => {
    await second().replaceDevices(second().house("b", 10));
    here().link("down");
    const found = await search();
    here().link("up");
    assert.deepEqual(found, ["10.91.2.10"]);
  });

  it("finds a CEMM that moved between two polls within half the deadline, without an error", async () => {
    await here().replaceDevices(here().house("a", 10));
    const watch = new Watch({ host: here().at(10) });
    await watch.polls(4);
    await here().replaceDevices(here().house("a", 20));
    const took = await watch.until(({ host }) => host === here().at(20), TIMEOUT * 1000);
    report("moved, followed", took);
    assert.deepEqual(watch.codes, []);
    assert.ok(took < (TIMEOUT * 1000) / 2, `${took} ms`);
    assert.equal(watch.lines.length, 1, "one log line");
  });

  const SWAPS: [string, (client: CemmClient) => Promise<Answer>][] = [
    ["live values with a counter", (client) => client.realtime("p1")],
    ["live values without a counter", (client) => client.realtime("s01")],
    ["history", (client) => client.history("p1", client.period("day"))],
  ];
  for (const [what, ask] of SWAPS) {
    it(`returns none of the other CEMM's ${what} if two CEMMs swap addresses between polls`, async () => {
      await here().replaceDevices(here().house("a", 10), here().house("b", 11));
      const watch = new Watch({ host: here().at(10) }, ask);
      await watch.polls(4);
      const wrong = tally.wrong;
      await here().replaceDevices(here().house("a", 11), here().house("b", 10));
      report(`swapped, ${what}`, await watch.until(({ host }) => host === here().at(11), 20_000));
      assert.equal(tally.wrong - wrong, 0, "another house's");
    }).timeout(90_000);
  }

  it("finds its CEMM again if they swap back, once another search is allowed", async () => {
    await here().replaceDevices(here().house("a", 10), here().house("b", 11));
    const watch = new Watch({ host: here().at(11) });
    const wrong = tally.wrong;
    await watch.until(({ host }) => host === here().at(10), 20_000);
    await here().replaceDevices(here().house("a", 11), here().house("b", 10));
    // Searches are 15 s apart.
    report("swapped back", await watch.until(({ host }) => host === here().at(11), 40_000));
    assert.equal(tally.wrong - wrong, 0, "another house's");
  }).timeout(90_000);

  it("finds the CEMM's new address if a printer has the old one", async () => {
    await here().replaceDevices(here().house("a", 10));
    const watch = new Watch({ host: here().at(10) });
    await watch.polls(2);
    await here().replaceDevices(here().house("a", 20), { ...here().house("b", 10), kind: "printer" });
    report("a printer there, followed", await watch.until(({ host }) => host === here().at(20), TIMEOUT * 1000));
  });

  it("does not report a missing meter if a printer has the address", async () => {
    await here().replaceDevices({ ...here().house("b", 10), kind: "printer" });
    const watch = new Watch({ host: here().at(10) });
    await watch.poll();
    assert.ok(watch.errors.every(({ code }) => code === "CEMM_BAD_RESPONSE" || code === "CEMM_WRONG_DEVICE"));
    assert.equal(watch.errors.length, 1);
  });

  it("refuses a device without a MAC at the old address, then finds the CEMM", async () => {
    const stranger = { ...here().house("b", 10), kind: "stranger" as const, mac: null };
    await here().replaceDevices(stranger);
    const watch = new Watch({ host: here().at(10) });
    await watch.poll();
    assert.deepEqual(watch.codes, ["CEMM_WRONG_DEVICE"]);
    await here().replaceDevices(stranger, here().house("a", 20));
    // It was searched for a moment ago, and searches are 15 s apart.
    report("a stranger there, followed", await watch.until(({ host }) => host === here().at(20), 40_000));
    assert.equal(tally.wrong, 0);
  }).timeout(60_000);

  it("finds the CEMM among hundreds of forged answers with its MAC and another port", async () => {
    const forged = Array.from({ length: 200 }, (_, n) => ({ mac: HOUSE_A, port: 81 + n }));
    await here().replaceDevices(here().house("a", 20, { forged }));
    const watch = new Watch({ host: here().at(10) });
    report("forged answers, followed", await watch.until(({ host }) => host === here().at(20), 20_000));
  });

  it("reports an error in time while the link is down, and answers once it is up", async () => {
    await here().replaceDevices(here().house("a", 10));
    const watch = new Watch({ host: here().at(10), timeout: 3 });
    await watch.polls(2);
    here().link("down");
    const began = performance.now();
    await watch.poll();
    assert.ok(performance.now() - began < 3500, "in time");
    assert.match(watch.errors[0]?.code ?? "", /^CEMM_(UNREACHABLE|TIMEOUT)$/);
    here().link("up");
    report("link up, answered", await watch.until(() => true, 15_000));
  });

  it("with access auto, uses the cloud immediately from the second request of an outage, and the LAN within 30 s of its return", async () => {
    const cloud = createServer((_, response) => response.end(`{"data":{"electric_power":[${Date.now()},100]}}`));
    cloud.listen(0, "127.0.0.1");
    await once(cloud, "listening");
    const address = cloud.address();
    assert(typeof address === "object" && address);
    const account = new CemmAccount({ apiKey: "demo", baseUrl: `http://127.0.0.1:${address.port}/v1/` });
    await here().replaceDevices(here().house("a", 10));
    const watch = new Watch({ access: "auto", host: here().at(10), account });
    await watch.polls(2);
    here().link("down");
    report("LAN down, the first from the cloud", await watch.until(({ source }) => source === "cloud", TIMEOUT * 1000));
    const second = await watch.until(() => true, 5000);
    report("LAN down, the second", second);
    assert.equal(watch.answers.at(-1)?.answer.source, "cloud");
    assert.ok(second < 500, `${second} ms`);
    assert.deepEqual(watch.codes, []);
    await watch.polls(8);
    here().link("up");
    const back = await watch.until(({ source }) => source === "lan", 30_000);
    report("LAN up, back", back);
    assert.equal(watch.lines.length, 2, `one line each way: ${watch.lines.join(" | ")}`);
    await account.close();
    cloud.closeAllConnections();
    cloud.close();
  }).timeout(90_000);

  it("never returned another house's reading", () => assert.equal(tally.wrong, 0));
});

nothingEscaped();
