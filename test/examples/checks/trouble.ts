/** The examples of what goes wrong, and is right again. */
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import type { Lab } from "../lab.js";
import type { Flow } from "../workbench.js";

export const trouble = {
  async "12 Catch errors, and tell once"(lab: Lab) {
    const { bench } = lab;
    await bench.deploy("12 Catch errors, and tell once", withCaught);
    const told = (count: number) => bench.take("tell", z.string(), count);
    const fails = async (what: string, count: number) => {
      await bench.press(what);
      await bench.take("caught", z.string(), count);
    };
    // What is told a second time would come in the place of the next.
    await fails("a meter that is not there", 1);
    await fails("a meter that is not there", 2);
    await lab.withoutCemms(async () => {
      await fails("p1, every 10 seconds", 3);
      await fails("p1, every 10 seconds", 4);
    });
    await bench.press("p1, every 10 seconds");
    await told(3);
    await bench.press("p1, every 10 seconds");
    await bench.press("a meter that is not there", { alias: "No alias!" });

    const [missing, silent, again, input] = await told(4);
    assert.match(missing ?? "", /^My CEMM.*mb99/);
    assert.equal(silent, "The CEMM does not answer. Does it have power, and network?");
    assert.equal(again, "p1 answers again.");
    assert.match(input ?? "", /is not an alias/);
  },

  async "13 Offline, and back"(lab: Lab) {
    const { bench } = lab;
    await bench.deploy("13 Offline, and back", inSeconds);
    const told = (count: number) => bench.take("tell", z.string(), count);
    await bench.statuses("cemm-realtime", "green");
    // Shorter than what is told.
    await bench.press("pretend: gone");
    await bench.press("pretend: back");
    await pause(1500);
    assert.deepEqual(bench.sofar("tell", z.string()), []);

    const since = clockOf(Date.now() - 200 * 60_000);
    await bench.press("pretend: gone");
    await told(1);
    await bench.press("pretend: back");
    const [gone, back] = await told(2);
    assert.equal(gone, `The CEMM has not answered since ${since}.`);
    assert.equal(back, "The CEMM answers again, after 3 h 20 min.");

    const before = clockOf(Date.now());
    await lab.withoutCemms(async () => {
      await told(3);
    });
    const [, , really, again] = await told(4);
    const after = clockOf(Date.now());
    assert.ok(
      [before, after].some((time) => really === `The CEMM has not answered since ${time}.`),
      really,
    );
    assert.match(again ?? "", /^The CEMM answers again, after [01] min\.$/);
    await bench.complains(/127\.0\.0\.1:8080/);
  },
};

/** With a debug node that shows whose errors were caught. */
function withCaught(flow: Flow): Flow {
  const caught = {
    id: "errors-caught",
    type: "debug",
    name: "caught",
    active: true,
    tosidebar: true,
    complete: "alias",
    x: 300,
    y: 400,
  };
  const z = flow.find(({ type }) => type === "catch")?.z;
  const wired = flow.map((node) =>
    node.type === "catch" ? { ...node, wires: [[...(node.wires?.[0] ?? []), "errors-caught"]] } : node,
  );
  return [...wired, { ...caught, z, wires: [] }];
}

/** The minutes of the example as seconds. */
function inSeconds(flow: Flow): Flow {
  return flow.map((node) => ({
    ...node,
    ...(node.type === "cemm-realtime" && { repeat: 1 }),
    ...(node.type === "trigger" && { units: "s" }),
  }));
}

/** The clock on the wall where the CEMM stands. */
function clockOf(time: number): string {
  const options = { timeZone: "Europe/Amsterdam", hour: "2-digit", minute: "2-digit" } as const;
  return new Intl.DateTimeFormat("en-GB", options).format(time);
}
