/** The example that reports problems and when they are resolved. */
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import { alsoTo, debug, withNodes } from "../added.js";
import type { Lab } from "../lab.js";
import type { Flow } from "../workbench.js";

const NAME = "12 Problem alerts";

export const trouble = {
  async [NAME](lab: Lab) {
    const { bench } = lab;
    await bench.deploy(NAME, (flow) => inSeconds(withCaught(flow)));
    const messages = (count: number) => bench.take("notify", z.string(), count);
    await bench.statuses("cemm-realtime", "green");

    // An error is reported once: a second report would count as the next message.
    for (const count of [1, 2]) {
      await bench.press("a meter that is not there");
      await bench.take("caught", z.string(), count);
    }

    // An outage too short to be reported.
    await bench.press("pretend: gone");
    await bench.press("pretend: back");
    await pause(1500);
    const pretended = () => clockOf(Date.now() - 200 * 60_000);
    const earliest = pretended();
    await bench.press("pretend: gone");
    const latest = pretended();
    await messages(2);
    await bench.press("pretend: back");
    const [missing, gone, back] = await messages(3);
    assert.match(missing ?? "", /^My CEMM.*mb99/);
    assert.ok(
      [earliest, latest].some((time) => gone === `The CEMM has not answered since ${time}.`),
      gone,
    );
    assert.equal(back, "The CEMM answers again, after 3 h 20 min.");

    const before = clockOf(Date.now());
    await lab.withoutCemms(async () => {
      await messages(4);
    });
    const [, , , outage, recovery] = await messages(5);
    const after = clockOf(Date.now());
    assert.ok(
      [before, after].some((time) => outage === `The CEMM has not answered since ${time}.`),
      outage,
    );
    assert.match(recovery ?? "", /^The CEMM answers again, after [01] min\.$/);
    // The outage also raises an error, which is not reported separately.
    assert.equal(bench.sofar("notify", z.string()).length, 5);
  },
};

/** Adds a debug node that shows which errors were caught. */
function withCaught(flow: Flow): Flow {
  const catchers = flow.filter(({ type }) => type === "catch").map(({ id }) => id);
  return withNodes(
    catchers.reduce((copy, id) => alsoTo(copy, id, "caught"), flow),
    debug("caught", "error.code"),
  );
}

/** Turns the example's minutes into seconds. */
function inSeconds(flow: Flow): Flow {
  return flow.map((node) => ({
    ...node,
    ...(node.name === "p1" && { repeat: 1 }),
    ...(node.type === "trigger" && { units: "s" }),
  }));
}

/** Local time at the CEMM. */
function clockOf(time: number): string {
  const options = { timeZone: "Europe/Amsterdam", hour: "2-digit", minute: "2-digit" } as const;
  return new Intl.DateTimeFormat("en-GB", options).format(time);
}
