/** cemm-page under Node-RED's own settings: its root, its password, its middleware; and through the cloud. */
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { House, PeriodView } from "../../src/lib/energy/view.js";
import { Pages } from "../../src/nodes/page/pages.js";
import { startSimulator } from "../../src/simulator/simulator.js";
import { eventually } from "../examples/eventually.js";
import { startNodeRed } from "../support/node-red.js";
import { nodeRedModule } from "../support/node-red-path.js";
import { dayBefore, NOON_ZONE } from "../support/noon.js";
import { portOf } from "../support/server.js";
import { PageLab } from "./page-lab.js";

/** "secret", as `node-red admin hash-pw` writes it. */
const HASH = "$2b$04$AHfId6ZJykeER5yEeOFjOe1aPpr4tHK6CthEegwUVgC6lSDuZ5W1K";

describe("cemm-page in a Node-RED with httpNodeRoot and a password for its pages", function () {
  this.timeout(40_000);
  let lab: PageLab;
  before(async () => {
    lab = await PageLab.start({ settings: { httpNodeRoot: "/red", httpNodeAuth: { user: "me", pass: HASH } } });
    await lab.deploy({});
  });
  after(() => lab?.stop());

  const authorization = `Basic ${Buffer.from("me:secret").toString("base64")}`;
  const PATHS = [
    "/red/energy",
    "/red/energy/",
    "/red/energy/page.js",
    "/red/energy/api/house",
    "/red/energy/api/events",
  ];

  for (const path of PATHS) {
    it(`asks for the password at ${path}`, async () => assert.equal((await lab.get(path)).status, 401));
  }

  it("is served below the root, with a relative redirect", async () => {
    const page = await lab.get("/red/energy/", { headers: { authorization } });
    assert.equal(page.status, 200);
    const moved = await lab.get("/red/energy", { headers: { authorization } });
    assert.equal(
      new URL(moved.headers.get("location") ?? "", `${lab.nodeRed.url}/red/energy`).pathname,
      "/red/energy/",
    );
    assert.equal((await lab.get("/energy/", { headers: { authorization } })).status, 404);
  });
});

describe("cemm-page in a Node-RED that serves no pages", function () {
  this.timeout(40_000);
  it("reports that it cannot serve its page", async () => {
    const lab = await PageLab.start({ settings: { httpNodeRoot: false } });
    try {
      await lab.deploy({});
      await lab.nodeRed.statuses.next(({ id, text }) => id === "page-1" && /CEMM_CONFIG/.test(`${text}`));
      assert.match(lab.nodeRed.log(), /httpNodeRoot is false/);
    } finally {
      await lab.stop();
    }
  });
});

describe("a page's path", () => {
  it("may be below another page's", async () => {
    const httpNode = createRequire(nodeRedModule)("express")();
    const pages = new Pages({ httpNode, settings: {} });
    for (const path of ["/energy", "/energy/flat"]) {
      pages.add(path, { start() {}, wait() {}, serve: (_, response, rest) => response.send(`${path} ${rest}`) });
    }
    const server = createServer(httpNode).listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      const get = (path: string) => fetch(`http://127.0.0.1:${portOf(server.address())}${path}`);
      assert.equal(await (await get("/energy/flat/api/house")).text(), "/energy/flat /api/house");
      assert.equal(await (await get("/energy/api/house")).text(), "/energy /api/house");
    } finally {
      server.close();
    }
  });

  it("is behind the middleware of settings.js, in that order, and other paths are not", async () => {
    const httpNode = createRequire(nodeRedModule)("express")();
    const seen: string[] = [];
    const middleware =
      (name: string) =>
      (request: { path: string }, response: { status(code: number): { end(): void } }, next: () => void) => {
        seen.push(`${name} ${request.path}`);
        if (request.path.endsWith("/forbidden")) response.status(403).end();
        else next();
      };
    const settings = { httpNodeMiddleware: [middleware("first"), middleware("second")] };
    const pages = new Pages({ httpNode, settings });
    pages.add("/energy", { start() {}, wait() {}, serve: (_, response, rest) => response.send(`served ${rest}`) });
    const server = createServer(httpNode).listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      const get = (path: string) => fetch(`http://127.0.0.1:${portOf(server.address())}${path}`);
      assert.equal(await (await get("/energy/api/house")).text(), "served /api/house");
      assert.equal((await get("/energy/forbidden")).status, 403);
      assert.equal((await get("/other")).status, 404);
      assert.deepEqual(seen, ["first /energy/api/house", "second /energy/api/house", "first /energy/forbidden"]);
    } finally {
      server.close();
    }
  });
});

describe("cemm-page through the cloud", function () {
  this.timeout(60_000);

  it("shows the usual meters that answer, with the registers of past days", async () => {
    const simulator = await startSimulator({ lanPort: 0, cloudPort: 0, udpPort: 0, promise: 100, timezone: NOON_ZONE });
    const nodeRed = await startNodeRed();
    try {
      const flows = [
        { id: "tab", type: "tab", label: "test" },
        { id: "account", type: "cemm-account", name: "", baseUrl: simulator.addresses.cloud },
        {
          id: "device",
          type: "cemm-device",
          name: "House",
          access: "cloud",
          account: "account",
          timezone: NOON_ZONE,
        },
        { id: "page", z: "tab", type: "cemm-page", device: "device", path: "/energy", repeat: 10, wires: [[]] },
      ];
      await nodeRed.deploy(flows, { account: { apiKey: simulator.apiKey } });
      const ask = async (path: string) => (await fetch(`${nodeRed.url}/energy/api/${path}`)).json();
      const { meters, problems, today } = await eventually(async () => {
        const house = House.parse(await ask("house"));
        assert.notDeepEqual(house.meters, []);
        return house;
      }, 20_000);
      assert.deepEqual(
        meters.map(({ id, role }) => `${id} ${role}`),
        ["p1 grid", "s01 solar", "p1-gas gas"],
      );
      assert.deepEqual(problems, []);
      await eventually(async () => {
        // A day's sums from registers need the readings of the day before as well.
        const month = PeriodView.parse(await ask(`month/${today.slice(0, 7)}`));
        const before = PeriodView.parse(await ask(`day/${dayBefore(today)}`));
        assert.equal(before.source, "registers");
        assert.ok(month.figures.bought !== null && before.figures.bought !== null);
      }, 40_000);
    } finally {
      await nodeRed.stop();
      await simulator.close();
    }
  });
});
