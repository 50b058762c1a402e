import assert from "node:assert/strict";
import { connect } from "node:net";
import { DeviceInfo } from "../../src/lib/data/schemas.js";
import { startSimulator } from "../../src/simulator/simulator.js";
import { closeAll, cloud, lan, NOW, read, simulate } from "./support.js";

describe("a fault", () => {
  afterEach(closeAll);

  for (const status of [401, 403, 408, 429, 500, 502, 503, 504] as const) {
    it(`answers ${status}`, async () => {
      const simulator = await simulate({ faults: { [status]: 1 } });
      for (const answer of [await lan(simulator, "p1/realtime/"), await cloud(simulator, "cemm/")]) {
        assert.equal(answer.status, status);
        assert.equal(answer.headers.get("retry-after"), status === 429 ? "1" : null);
      }
    });
  }

  it("answers slowly", async () => {
    const simulator = await simulate({ faults: { slow: 1 } });
    const answer = lan(simulator, "");
    assert.equal(await Promise.race([answer, wait(150, "waiting")]), "waiting");
    const rejected = assert.rejects(answer);
    await simulator.close();
    await rejected;
  });

  it("hangs until the simulator is closed", async () => {
    const simulator = await simulate({ faults: { hang: 1 } });
    const rejected = assert.rejects(lan(simulator, ""));
    await wait(100, "");
    const start = Date.now();
    await simulator.close();
    assert.ok(Date.now() - start < 2000);
    await rejected;
  });

  it("resets the connection", async () => {
    const simulator = await simulate({ faults: { reset: 1 } });
    await assert.rejects(lan(simulator, ""), { name: "TypeError" });
  });

  it("ends in the middle of the body", async () => {
    const simulator = await simulate({ faults: { truncate: 1 } });
    await assert.rejects(lan(simulator, "p1/realtime/").then((answer) => answer.text()));
  });

  it("answers a web page, nothing, or bytes that are not text, with status 200", async () => {
    const page = await lan(await simulate({ faults: { html: 1 } }), "");
    assert.match(page.headers.get("content-type") ?? "", /^text\/html/);
    assert.match(await page.text(), /^<!DOCTYPE html>/);
    const empty = await lan(await simulate({ faults: { empty: 1 } }), "");
    assert.deepEqual([empty.status, await empty.text()], [200, ""]);
    const garbage = await lan(await simulate({ faults: { garbage: 1 } }), "");
    assert.equal(garbage.status, 200);
    await assert.rejects(garbage.json());
  });

  it("makes the first channel's pair invalid, and leaves the others", async () => {
    const simulator = await simulate({ faults: { "wrong-pair": 1 } });
    const sound = await simulate();
    const [broken, whole] = [
      await (await lan(simulator, "p1/realtime/")).json(),
      await (await lan(sound, "p1/realtime/")).json(),
    ];
    assert.ok(isReading(broken) && isReading(whole));
    assert.deepEqual(broken.data.t1, [NOW, "NaN"]);
    assert.deepEqual({ ...broken.data, t1: 0 }, { ...whole.data, t1: 0 });
    const day = await (await lan(simulator, "p1/data/day/")).json();
    assert.ok(isReading(day));
    const samples = day.data.electric_power;
    assert.ok(Array.isArray(samples));
    assert.equal(samples.filter(([, value]) => value === "NaN").length, 1);
    assert.equal((await lan(simulator, "io/")).status, 200);
  });

  it("reports another CEMM's MAC", async () => {
    const simulator = await simulate({ faults: { "wrong-mac": 1 } });
    const { data } = await read(lan(simulator, ""), DeviceInfo);
    assert.notEqual(data.mac, simulator.uids[0]?.replaceAll("-", ":"));
  });

  it("promises endlessly, with a new id every ten seconds", async () => {
    let now = NOW;
    const simulator = await simulate({ faults: { "promise-forever": 1 }, now: () => now });
    const ids = new Set<unknown>();
    for (let n = 0; n < 6; n++, now += 5000) {
      const answer = await cloud(simulator, "cemm/:uid/p1/realtime/");
      assert.equal(answer.status, 202);
      ids.add(JSON.stringify(await answer.json()));
    }
    assert.equal(ids.size, 3);
  });

  it("applies to its share of the requests, the same ones for the same seed", async () => {
    const statuses = async (seed: number): Promise<number[]> => {
      const simulator = await simulate({ seed, faults: { 503: 0.3 } });
      const list: number[] = [];
      for (let n = 0; n < 60; n++) list.push((await lan(simulator, "")).status);
      return list;
    };
    const first = await statuses(1);
    const share = first.filter((status) => status === 503).length / first.length;
    assert.ok(share > 0.15 && share < 0.45, String(share));
    assert.deepEqual(await statuses(1), first);
    assert.notDeepEqual(await statuses(2), first);
  });

  it("can be combined with others", async () => {
    const simulator = await simulate({ faults: { 503: 0.4, 408: 0.4 } });
    const seen = new Set<number>();
    for (let n = 0; n < 40; n++) seen.add((await lan(simulator, "")).status);
    assert.deepEqual([...seen].sort(), [200, 408, 503]);
  });
});

describe("closing", () => {
  it("ends persistent connections immediately, frees the ports, and can be repeated", async () => {
    const simulator = await startSimulator({ lanPort: 0, cloudPort: 0, udpPort: 0 });
    const [host = "", port] = simulator.addresses.lan[0]?.split(":") ?? [];
    const socket = connect(Number(port), host);
    const ended = new Promise((resolve) => socket.once("close", resolve).once("error", () => undefined));
    await new Promise((resolve) => socket.once("connect", resolve));
    await simulator.close();
    await ended;
    await assert.rejects(lan(simulator, ""));
    await simulator.close();
  });
});

function isReading(body: unknown): body is { data: Record<string, unknown> } {
  return typeof body === "object" && body !== null && "data" in body && typeof body.data === "object";
}

function wait(ms: number, value: string): Promise<string> {
  return new Promise((resolve) => setTimeout(() => resolve(value), ms));
}
