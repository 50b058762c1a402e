/** The tarball of `npm pack`, installed as a user does: it must contain everything it needs. */
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { z } from "zod";
import { type NodeRed, startNodeRed } from "../support/node-red.js";
import { PACKAGE_NODES } from "../support/package-nodes.js";

const Packed = z.object({ filename: z.string() });
const NodeSets = z.array(z.object({ module: z.string(), enabled: z.boolean(), err: z.unknown().optional() }));

describe("the packed package", () => {
  const folder = mkdtempSync(join(tmpdir(), "cemm-packed-"));
  let packed: z.infer<typeof Packed>;
  let nodeRed: NodeRed;

  before(async () => {
    const args = ["pack", "--ignore-scripts", "--json", "--pack-destination", folder];
    const output = execFileSync("npm", args, { cwd: resolve(__dirname, "../.."), encoding: "utf8" });
    [packed] = z.tuple([Packed]).parse(JSON.parse(output));
    nodeRed = await startNodeRed({ tarball: join(folder, packed.filename) });
  });
  after(async () => {
    await nodeRed?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it("loads its nodes into Node-RED", async () => {
    const response = await nodeRed.admin("nodes", { headers: { accept: "application/json" } });
    const sets = NodeSets.parse(await response.json());
    const own = sets.filter(({ module }) => module === "node-red-contrib-cemm");
    assert.deepEqual(
      own.map(({ enabled, err }) => ({ enabled, err })),
      Object.keys(PACKAGE_NODES).map(() => ({ enabled: true, err: undefined })),
    );
  });

  it("can be imported by scripts", () => {
    const library = createRequire(join(nodeRed.userDir, "script.js"))("node-red-contrib-cemm");
    for (const name of ["CemmClient", "discover", "CemmError"]) assert.equal(typeof library[name], "function", name);
  });

  it("includes the command cemm-simulator, which prints where it listens", async () => {
    const program = join(nodeRed.userDir, "node_modules/.bin/cemm-simulator");
    const ports = ["--lan-port", "0", "--cloud-port", "0", "--udp-port", "0"];
    const simulator = spawn(program, ports, { stdio: ["ignore", "pipe", "inherit"] });
    const [line] = await once(simulator.stdout.setEncoding("utf8"), "data");
    assert.equal(typeof JSON.parse(line), "object");
    simulator.kill();
    await once(simulator, "exit");
  });
});
