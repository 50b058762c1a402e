/** Bodies, promises and datagrams of every kind give right values or coded errors. */
import assert from "node:assert/strict";
import { type Answer, discover, type Sample, toValues } from "../../../src/lib/index.js";
import { udpCemm } from "../../support/server-udp.js";
import { type FuzzCloud, fuzzCloud } from "./cloud.js";
import { assertCoded, fuzz } from "./fuzz.js";
import { body, datagram, promises, readings } from "./inputs.js";

describe("fuzzed answers", () => {
  let cloud: FuzzCloud;
  before(async () => {
    cloud = await fuzzCloud();
  });
  after(() => cloud.close());

  const QUESTIONS: ((alias: string) => Promise<unknown>)[] = [
    (alias) => cloud.client.realtime(alias),
    (alias) => cloud.client.history(alias, cloud.client.period("day", "2021-09-29")),
    (alias) => cloud.client.history(alias, cloud.client.period("year", "2021")),
    (alias) => cloud.client.totals(alias, "2021-09-29"),
    (alias) => cloud.client.meter(alias),
  ];

  fuzz("any body gives numbers or a coded error", {
    arbitrary: body,
    share: 0.4,
    batch: 250,
    holds: (bodies) => each(bodies, (bytes, n) => answered(bytes, QUESTIONS[n % QUESTIONS.length])),
  });

  async function answered(bytes: Uint8Array, ask = QUESTIONS[0]): Promise<void> {
    let asked = 0;
    // The second request gets a valid answer: thousands of endless promises would take a day.
    const alias = cloud.aliasFor((response) => void response.end(asked++ === 0 ? bytes : VALID));
    try {
      const answer = await ask?.(alias);
      if (isAnswer(answer)) assertNumbers(answer);
    } catch (error) {
      assertCoded(error, Buffer.from(bytes).toString());
    } finally {
      cloud.forget(alias);
    }
  }

  fuzz("valid readings come back unchanged", {
    arbitrary: readings,
    share: 0.1,
    batch: 500,
    holds: (all) =>
      each(all, async (data) => {
        const text = JSON.stringify({ io_id: 1, data });
        const alias = cloud.aliasFor((response) => void response.end(text));
        const expected = Object.entries(data).map(([name, [, value]]) => [name, value === 0 ? 0 : value]);
        assert.deepEqual({ ...toValues(await cloud.client.realtime(alias)) }, Object.fromEntries(expected));
        cloud.forget(alias);
      }),
  });

  fuzz("any promise ends with data or a coded error", {
    arbitrary: promises,
    share: 0.05,
    batch: 500,
    holds: (all) =>
      each(all, async (chain) => {
        let asked = 0;
        const alias = cloud.aliasFor((response) => {
          const { status = 200, body: text = VALID, retryAfter = "" } = chain[asked++] ?? {};
          response.writeHead(status, retryAfter ? { "retry-after": retryAfter } : {}).end(text);
        });
        const ending = new AbortController();
        const timer = setTimeout(() => ending.abort(), 5000);
        try {
          assertNumbers(await cloud.client.realtime(alias, { signal: ending.signal }));
        } catch (error) {
          // Retry-After beyond the time limit.
          if (!ending.signal.aborted) assertCoded(error, chain);
        } finally {
          clearTimeout(timer);
          cloud.forget(alias);
        }
      }),
  });

  fuzz("any datagrams give a clean list that includes the real CEMM", {
    arbitrary: datagram,
    share: 0.15,
    batch: 50,
    holds: async (datagrams) => {
      const mac = "00:1e:c0:00:00:01";
      const sent = [...datagrams, { mac }];
      const udp = await udpCemm("127.0.0.1", () => sent.splice(0));
      const uid = "00-1E-C0-00-00-01";
      const found = await discover({ broadcast: ["127.0.0.1"], port: udp.port, timeout: 3000, uid });
      udp.close();
      assert.ok(found.some((cemm) => cemm.uid === uid));
      for (const { uid, mac, host } of found) {
        assert.match(uid, /^([0-9A-F]{2}-){5}[0-9A-F]{2}$/);
        assert.equal(mac.replaceAll(":", "-"), uid);
        assert.match(host, /^127\.0\.0\.1(:\d+)?$/);
      }
      assert.equal(new Set(found.map((cemm) => cemm.uid)).size, found.length);
    },
  });
});

const VALID = '{"data":{"t1":[1,5]}}';

async function each<Input>(inputs: Input[], holds: (input: Input, n: number) => Promise<void>): Promise<void> {
  await Promise.all(inputs.map(holds));
}

function isAnswer(value: unknown): value is Answer {
  return typeof value === "object" && value !== null && "channels" in value;
}

function assertNumbers({ channels }: Answer): void {
  for (const [name, { samples }] of Object.entries(channels)) {
    assert.notEqual(name, "__proto__");
    for (const { time, value } of samples satisfies Sample[]) {
      assert.ok(time === null || (Number.isSafeInteger(Math.trunc(time)) && time > 0), `${name}: time ${time}`);
      assert.ok(value === null || Number.isFinite(value), `${name}: ${value}`);
    }
  }
}
