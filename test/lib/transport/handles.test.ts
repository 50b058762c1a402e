/** Nothing is left behind: no sockets, listeners or timers. */
import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { setTimeout as delay } from "node:timers/promises";
import { discover } from "../../../src/lib/index.js";
import { eachAtOnce, eventually, failure, overEachRoute, rejection, testbed, UID } from "../../support/server.js";
import { good, promised, silence } from "../../support/server-answers.js";

const ALIASES = Array.from({ length: 20 }, (_, n) => `mb${n}`);
const timers = () => process.getActiveResourcesInfo().filter((name) => name === "Timeout").length;

describe("handles", () => {
  const bed = testbed();

  eachAtOnce(overEachRoute([{ it: "20 requests that timed out leave no socket" }]), async ({ route }) => {
    const server = await bed.serve(silence);
    const account = bed.account(server.host);
    const client = bed.client({ access: route, host: server.host, uid: UID, account, timeout: 0.1 });
    const errors = await Promise.all(ALIASES.map((alias) => failure(client.realtime(alias))));
    assert.ok(errors.every(({ code }) => code === "CEMM_TIMEOUT"));
    await account.close();
    await eventually(() => server.sockets.size === 0, "no socket is left");
  });

  eachAtOnce(overEachRoute([{ it: "200 answers leave no listener on the caller's signal" }]), async ({ route }) => {
    const server = await bed.serve(good);
    const client = bed.over(route, server.host);
    const { signal } = new AbortController();
    for (let n = 0; n < 200; n++) await client.realtime("p1", { signal });
    assert.equal(getEventListeners(signal, "abort").length, 0);
    if (route === "lan") await eventually(() => server.sockets.size === 0, "no socket is left");
    else assert.ok(server.connections <= 4, "the cloud's connections are kept");
  });
  it("fifty requests at a time on one signal do not cause Node's warning about a leak", async () => {
    const warnings: Error[] = [];
    const onWarning = (warning: Error) => warnings.push(warning);
    process.on("warning", onWarning);
    const server = await bed.serve(good);
    const client = bed.over("cloud", server.host);
    const { signal } = new AbortController();
    await Promise.all(Array.from({ length: 50 }, (_, n) => client.realtime(`mb${n}`, { signal })));
    await delay(10);
    process.off("warning", onWarning);
    assert.deepEqual(warnings, []);
  });

  it("closing an account closes its connections", async () => {
    const server = await bed.serve(good);
    const account = bed.account(server.host);
    await bed.client({ access: "cloud", account, uid: UID }).realtime("p1");
    assert.equal(server.sockets.size, 1);
    await account.close();
    await eventually(() => server.sockets.size === 0, "no connection is left");
  });

  it("aborted promises leave no timer", async () => {
    const server = await bed.serve(promised);
    const client = bed.over("cloud", server.host);
    const before = timers();
    const controller = new AbortController();
    const all = ALIASES.map((alias) => rejection(client.realtime(alias, { signal: controller.signal })));
    await delay(50);
    controller.abort();
    await Promise.all(all);
    assert.ok(timers() <= before + 2, `${timers() - before} timers are left`);
  });

  it("a search leaves no listener, whether it ends or is aborted", async () => {
    const controller = new AbortController();
    await discover({ timeout: 20, broadcast: [], port: 40_404, signal: controller.signal });
    assert.equal(getEventListeners(controller.signal, "abort").length, 0);
    const search = rejection(discover({ timeout: 5000, broadcast: [], port: 40_404, signal: controller.signal }));
    await delay(20);
    controller.abort();
    await search;
    assert.equal(getEventListeners(controller.signal, "abort").length, 0);
  });
});
