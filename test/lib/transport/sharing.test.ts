/** Concurrent callers share a request for the same thing, and queue for the rest. */
import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { eventually, ROUTES, rejection, testbed } from "../../support/server.js";
import { good, json, later, silence, WATTS } from "../../support/server-answers.js";

const ALIASES = ["p1", "p1-gas", "s01", "s02", "s03", "mb1", "mb2", "mb3", "usage"];

describe("concurrent requests", () => {
  const bed = testbed();

  for (const route of ROUTES) {
    it(`${route}: callers with the same question share one request`, async () => {
      const server = await bed.serve(later(50, good));
      const client = bed.over(route, server.host);
      const answers = await Promise.all(Array.from({ length: 20 }, () => client.realtime("p1")));
      assert.ok(answers.every(({ channels }) => channels.electric_power?.samples[0]?.value === 193));
      assert.equal(server.questions.length, 1);
      await client.realtime("p1");
      assert.equal(server.questions.length, 2, "a later one is sent again");
    });

    it(`${route}: the other caller still gets the answer if one aborts`, async () => {
      const server = await bed.serve(later(500, good));
      const client = bed.over(route, server.host);
      const impatient = new AbortController();
      const [left, stayed] = [client.realtime("p1", { signal: impatient.signal }), client.realtime("p1")];
      setTimeout(() => impatient.abort("enough"), 60);
      assert.equal(await rejection(left), "enough");
      assert.deepEqual((await stayed).raw, WATTS);
      assert.equal(server.questions.length, 1);
    });

    it(`${route}: the request ends when the last caller aborts`, async () => {
      const server = await bed.serve(() => {});
      const client = bed.over(route, server.host);
      const controllers = [new AbortController(), new AbortController()];
      const callers = controllers.map(({ signal }) => rejection(client.realtime("p1", { signal })));
      await delay(60);
      for (const controller of controllers) controller.abort();
      await Promise.all(callers);
      await delay(60);
      assert.equal(server.sockets.size, 0);
      assert.equal(server.questions.length, 1);
    });
  }

  it("lan: several clients of one host ask it one at a time", async () => {
    const server = await bed.serve(later(20, good));
    const clients = [bed.over("lan", server.host), bed.over("lan", server.host), bed.over("lan", server.host)];
    await Promise.all(clients.flatMap((client) => ALIASES.map((alias) => client.realtime(alias))));
    assert.equal(server.busiest, 1);
    assert.equal(server.questions.length, ALIASES.length, "clients share the same requests");
    await eventually(() => server.sockets.size === 0, "no connection is kept");
  });

  it("lan: a host does not wait for another one", async () => {
    const [slow, quick] = [await bed.serve(silence), await bed.serve(good)];
    const waiting = new AbortController();
    const ended = rejection(bed.over("lan", slow.host).realtime("p1", { signal: waiting.signal }));
    await bed.over("lan", quick.host).realtime("p1");
    waiting.abort("enough");
    assert.equal(await ended, "enough", "it was still waiting");
  });

  it("cloud: an account sends four requests at a time, on persistent connections", async () => {
    const server = await bed.serve(later(30, good));
    const account = bed.account(server.host);
    const clients = ["00-00-00-00-00-01", "00-00-00-00-00-02"].map((uid) =>
      bed.client({ access: "cloud", account, uid }),
    );
    await Promise.all(clients.flatMap((client) => ALIASES.map((alias) => client.realtime(alias))));
    assert.equal(server.busiest, 4);
    assert.equal(server.questions.length, 2 * ALIASES.length);
    assert.ok(server.connections <= 4, `${server.connections} connections`);
  });

  it("are sent in the order in which they were made", async () => {
    const server = await bed.serve(later(5, json(WATTS)));
    const client = bed.over("lan", server.host);
    await Promise.all(ALIASES.map((alias) => client.realtime(alias)));
    assert.deepEqual(
      server.questions.map(({ url }) => url.pathname.split("/")[3]),
      ALIASES,
    );
  });
});
