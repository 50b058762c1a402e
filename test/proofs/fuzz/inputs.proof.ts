/** Any argument, option, message or node property gives a value or a coded error. */
import assert from "node:assert/strict";
import fc from "fast-check";
import type { NodeMessage } from "node-red";
import { CemmAccount, CemmClient } from "../../../src/lib/index.js";
import { type Flow, type FlowOptions, flows, logged, startFlow, startFlows } from "../../support/flow.js";
import { errorOf } from "../../support/flow-seen.js";
import helper from "../../support/node-red-helper.js";
import { KEY, serve, type TestServer } from "../../support/server.js";
import { good } from "../../support/server-answers.js";
import { nothingEscaped } from "../support/process-events.js";
import { assertCoded, fuzz } from "./fuzz.js";
import { anything, jsonProperty, propertiesOf } from "./inputs.js";

describe("fuzzed arguments", () => {
  const client = new CemmClient({ host: "127.0.0.1:9", timeout: 0.1 });
  after(() => client.close());

  const ARGUMENTS: Record<string, (value: unknown, other: unknown) => unknown> = {
    period: (value, other) => Reflect.apply(client.period, client, [other, value]),
    "a day's time": (value) => client.period("day", value),
    "a range": (value, other) => client.periods("year", value, other),
    target: (value) => Reflect.apply(client.at, client, [value]),
    "a client's options": (value) => Reflect.construct(CemmClient, [value]).close(),
    "an account's options": (value) => Reflect.construct(CemmAccount, [value]).close(),
  };
  const clientOptions = propertiesOf(["access", "host", "uid", "timezone", "timeout", "name"], anything);
  const accountOptions = propertiesOf(["apiKey", "baseUrl", "concurrency", "name"], anything);

  for (const [name, give] of Object.entries(ARGUMENTS)) {
    const options = { "a client's options": clientOptions, "an account's options": accountOptions };
    const value: fc.Arbitrary<unknown> = name.endsWith("client's options")
      ? options["a client's options"]
      : name.endsWith("account's options")
        ? options["an account's options"]
        : anything;
    fuzz(`${name}: returns a value, or throws a coded error`, {
      arbitrary: fc.tuple(value, fc.oneof(anything, fc.constantFrom<unknown>("day", "month", "year"))),
      share: 0.025,
      batch: 50,
      holds: (pairs) => {
        for (const [input, other] of pairs) {
          try {
            give(input, other);
          } catch (error) {
            assertCoded(error, [name, input, other]);
          }
        }
      },
    });
  }
});

describe("fuzzed messages and properties", () => {
  flows();
  const { stackTraceLimit } = Error;
  let server: TestServer;
  before(async () => {
    // The test helper takes a stack trace of every call, which would take most of the time.
    Error.stackTraceLimit = 0;
    server = await serve(good);
  });
  after(async () => {
    Error.stackTraceLimit = stackTraceLimit;
    await server.close();
  });

  const FIELDS = ["alias", "target", "period", "time", "to", "topic", "payload", "parts", "cemm", "error", "reset"];

  fuzz("any message ends once, answered or with a coded error", {
    arbitrary: propertiesOf(FIELDS, anything),
    share: 0.12,
    batch: 500,
    holds: async (messages) => {
      const typed = ["alias", "target", "period", "time", "to"].flatMap((each) => [
        [each, each],
        [`${each}Type`, "msg"],
      ]);
      const node = { type: "cemm-history", ...Object.fromEntries(typed) };
      const flow = await startFlow({ node, device: { host: server.host, timeout: 5 }, isQuiet: true });
      for (const [n, message] of messages.entries()) {
        flow.give({ ...message });
        if (n % 25 === 0) await new Promise(setImmediate);
      }
      await allEnd(flow, messages.length);
      await helper.unload();
    },
  });

  fuzz("any message to a trigger ends once, accepted or with a coded error", {
    arbitrary: propertiesOf(["payload", "cemm", "parts", "topic", "reset", "on", "off"], anything),
    share: 0.04,
    batch: 500,
    holds: async (messages) => {
      const thresholds = { on: "on", onType: "msg", off: "off", offType: "msg" };
      const flow = await startFlow({ node: { type: "cemm-trigger", ...thresholds }, isQuiet: true });
      for (const [n, message] of messages.entries()) {
        // Every other message has valid thresholds and a value.
        flow.give(n % 2 ? { ...message } : { payload: n, on: -1, off: 1, ...message });
        if (n % 25 === 0) await new Promise(setImmediate);
      }
      await allEnd(flow, messages.length);
      await helper.unload();
    },
  });

  const TYPES: Record<string, string[]> = {
    "cemm-realtime": ["device", "topic", "alias", "aliasType", "target", "targetType", "format", "channel", "split"],
    "cemm-totals": ["alias", "aliasType", "target", "time", "timeType", "format", "channel", "split", "device"],
    "cemm-history": ["period", "periodType", "time", "timeType", "to", "toType", "format", "deliver", "alias"],
    "cemm-trigger": ["channel", "measure", "window", "on", "onType", "off", "lost", "lostAfter", "onPayload", "topic"],
    "cemm-discover": ["source", "account", "details", "deliver", "topic"],
    "cemm-device": ["name", "access", "uid", "account", "timezone"],
    "cemm-account": ["name", "baseUrl", "concurrency"],
  };
  for (const [type, names] of Object.entries(TYPES)) {
    fuzz(`${type}: a node with any properties ends each message once`, {
      arbitrary: propertiesOf(names, jsonProperty),
      share: 0.01,
      // Node-RED starts a whole batch at once.
      batch: 20,
      holds: async (sets) => {
        const options = sets.map((set) => optionsOf(type, set, server.host));
        const all = await startFlows(options);
        await Promise.all(
          all.map(async (flow) => {
            flow.give({ payload: 1 });
            await allEnd(flow, 1);
          }),
        );
        await helper.unload();
      },
    });
  }
});

/** A flow with these properties in the node of that type, and everything else valid. */
function optionsOf(type: string, set: Record<string, unknown>, host: string): FlowOptions {
  const search = type === "cemm-discover" && { broadcast: "127.0.0.1", port: 9, timeout: 0.01 };
  const isConfig = type === "cemm-device" || type === "cemm-account";
  return {
    node: isConfig ? { type: "cemm-realtime" } : { type, ...search, ...set },
    device: { access: type === "cemm-account" ? "cloud" : "lan", host, timeout: 1, ...(type === "cemm-device" && set) },
    account: { baseUrl: `http://${host}/v1/`, apiKey: KEY, ...(type === "cemm-account" && set) },
    isQuiet: true,
  };
}

/** An error that Node-RED cannot copy for a catch or complete node is logged instead. */
function lost(flow: Flow): number {
  return logged("error", flow).filter((line) => line.includes("could not be handed on")).length;
}

/** Fails unless each message ends once, by done or by an error with a code. */
async function allEnd(flow: Flow, count: number): Promise<void> {
  const { completed, caught } = flow;
  const ended = (): NodeMessage[] => [...completed.all, ...caught.all];
  const all = () => ended().length + lost(flow);
  for (let n = 0; n < 1000 && all() < count; n++) await new Promise((resolve) => setTimeout(resolve, 10));
  assert.equal(all(), count);
  assert.equal(new Set(ended().map(({ _msgid }) => _msgid)).size, ended().length);
  for (const message of caught.all) {
    const { code, message: text } = errorOf(message);
    assert.match(code ?? text, /^CEMM_/, text);
  }
}

nothingEscaped();
