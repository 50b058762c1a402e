import assert from "node:assert/strict";
import { createSocket } from "node:dgram";
import { networkInterfaces } from "node:os";
import { DiscoveryAnswer } from "../../src/lib/data/schemas.js";
import type { Simulator } from "../../src/simulator/simulator.js";
import { closeAll, simulate } from "./support.js";

/** The answers within a moment, with the port from which they came. */
async function ask(simulator: Simulator, to: string, message = "cemm_query"): Promise<[DiscoveryAnswer, number][]> {
  const port = Number(simulator.addresses.udp.split(":")[1]);
  const answers: [DiscoveryAnswer, number][] = [];
  const socket = createSocket("udp4");
  socket.on("message", (text, sender) => answers.push([DiscoveryAnswer.parse(JSON.parse(String(text))), sender.port]));
  await new Promise<void>((resolve) => socket.bind(0, () => resolve()));
  socket.setBroadcast(true);
  socket.send(message, port, to);
  await new Promise((resolve) => setTimeout(resolve, 120));
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return answers;
}

describe("discovery", () => {
  afterEach(closeAll);

  for (const [how, to] of [
    ["asked directly", "127.0.0.1"],
    ["asked by the loopback broadcast", "127.255.255.255"],
  ] as const) {
    it(`answers once for each CEMM when ${how}, from its own port`, async () => {
      const simulator = await simulate({ devices: 2 });
      const answers = await ask(simulator, to);
      const ports = simulator.addresses.lan.map((address) => Number(address.split(":")[1]));
      assert.deepEqual(
        answers.map(([answer]) => answer),
        simulator.uids.map((uid, n) => ({
          ip: "127.0.0.1",
          mac: uid.replaceAll("-", ":"),
          version: "1.25",
          type: n === 0 ? "CEMM_plus" : "CEMM_basic",
          init_state: 1,
          port: ports[n],
        })),
      );
      assert.ok(answers.every(([, port]) => simulator.addresses.udp === `127.0.0.1:${port}`));
    });
  }

  it("receives broadcasts on any address it listens on", async () => {
    const simulator = await simulate({ host: "127.0.0.2" });
    const answers = await ask(simulator, "127.255.255.255");
    assert.deepEqual(
      answers.map(([{ ip }]) => ip),
      ["127.0.0.2"],
    );
  });

  it("listening on every address, answers with the address in the sender's network", async () => {
    const simulator = await simulate({ host: "0.0.0.0" });
    const outside = Object.values(networkInterfaces())
      .flatMap((entries) => entries ?? [])
      .filter(({ family }) => family === "IPv4");
    for (const { address } of outside) {
      const [answer] = await ask(simulator, address);
      assert.equal(answer?.[0].ip, address);
    }
  });

  it("ignores anything else", async () => {
    const simulator = await simulate();
    assert.deepEqual(await ask(simulator, "127.0.0.1", "cemm_query?"), []);
    assert.deepEqual(await ask(simulator, "127.0.0.1", ""), []);
  });

  it("can be set not to answer, or to answer as another CEMM", async () => {
    assert.deepEqual(await ask(await simulate({ faults: { "no-answer": 1 } }), "127.0.0.1"), []);
    const simulator = await simulate({ faults: { "wrong-mac": 1 } });
    const [first] = await ask(simulator, "127.0.0.1");
    assert.notEqual(first?.[0].mac, simulator.uids[0]?.replaceAll("-", ":"));
  });
});
