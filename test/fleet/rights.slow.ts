/** Who may say and hear what, by the file of rights in docs/fleet.md and a real Mosquitto. */
import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { until } from "./fleet.js";
import { SITE, users } from "./guard.js";
import { Program } from "./program.js";
import { type Broker, clientOptions, startBroker } from "./servers.js";

/** Of each topic: who may publish to it, and who hears it. The watcher hears all. */
const TOPICS: Record<string, { say: string[]; hear: string[] }> = {
  "cemm/order": { say: ["planner"], hear: ["dispatcher"] },
  "cemm/job/w1": { say: ["dispatcher"], hear: ["w1"] },
  "cemm/job/w2": { say: ["dispatcher"], hear: ["w2"] },
  "cemm/worker/w1": { say: ["w1"], hear: ["dispatcher"] },
  "cemm/worker/w2": { say: ["w2"], hear: ["dispatcher"] },
  "cemm/worker/house": { say: [], hear: [] },
  "cemm/result": { say: ["w1", "w2"], hear: ["collector"] },
  "cemm/failed": { say: ["w1", "w2"], hear: ["dispatcher"] },
  "cemm/done": { say: ["collector"], hear: ["dispatcher"] },
  "cemm/site/house": { say: ["house"], hear: ["centre"] },
  "cemm/site/neighbour": { say: [], hear: [] },
};

describe("the rights of a fleet", () => {
  const folder = mkdtempSync(join(tmpdir(), "cemm-rights-"));
  const programs: Program[] = [];
  let broker: Broker;

  before(async () => {
    broker = await startBroker(folder, true);
    programs.push(broker.program);
  });
  after(async () => {
    await Promise.all(programs.map((each) => each.kill()));
    rmSync(folder, { recursive: true, force: true });
  });

  /** Everything that this user hears, by topic. */
  const listen = async (user: string): Promise<Program> => {
    const args = ["-oL", "mosquitto_sub", ...clientOptions(broker, user), "-t", "#", "-d", "-F", "heard %t"];
    const isReady = (wrote: (line: RegExp) => boolean) => wrote(/^Subscribed/);
    const program = await Program.start({ name: user, command: "stdbuf", args, isReady });
    programs.push(program);
    return program;
  };

  /** Whether it is let through. */
  const says = (user: string, topic: string): boolean => {
    const args = [...clientOptions(broker, user), "-t", topic, "-m", "x"];
    const { stderr } = spawnSync("mosquitto_pub", args, { encoding: "utf8" });
    assert.match(stderr, /^(Warning: Publish 1 failed: Not authorized\.\n)?$/);
    return stderr === "";
  };

  it("lets each say and hear what it has to, and nothing else", async () => {
    const ears = await Promise.all([...users(), SITE].map(listen));
    for (const [topic, { say }] of Object.entries(TOPICS)) {
      const sayers = ears.map(({ name }) => name).filter((user) => says(user, topic));
      assert.deepEqual(sayers.sort(), say, topic);
    }
    const expected = (user: string) =>
      Object.entries(TOPICS).flatMap(([topic, { say, hear }]) =>
        hear.includes(user) || user === "watcher" ? say.map(() => `heard ${topic}`) : [],
      );
    const heard = ({ lines }: Program) => lines.all.filter((line) => line.startsWith("heard"));
    const watcher = ears.find(({ name }) => name === "watcher") ?? assert.fail();
    const count = expected("watcher").length;
    await until(
      () => heard(watcher).length >= count,
      5000,
      () => `the watcher heard ${heard(watcher)}`,
    );
    for (const each of ears) assert.deepEqual(heard(each).sort(), expected(each.name).sort(), each.name);
  });

  it("lets nobody in without the password, or without TLS", () => {
    const refused = (options: string[]) => {
      const { status } = spawnSync("mosquitto_pub", [...options, "-t", "cemm/order", "-m", "x"]);
      assert.notEqual(status, 0, options.join(" "));
    };
    const options = clientOptions(broker, "planner");
    const without = (...names: string[]) =>
      options.filter((option, n) => !names.includes(option) && !names.includes(options[n - 1] ?? ""));
    execFileSync("mosquitto_pub", [...options, "-t", "cemm/order", "-m", "x"]);
    refused(without("-P"));
    refused(without("-u", "-P"));
    refused([...without("-P"), "-P", "guessed"]);
    refused(without("--cafile"));
  });
});
