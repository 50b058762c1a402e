/**
 * Which Node-RED the tests run against: the locked one, or the one whose folder CEMM_NODE_RED names
 * (scripts/on-node-red-5.mjs sets it), so that one suite tests both major versions.
 */
import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";

export const nodeRedFolder = process.env.CEMM_NODE_RED ?? dirname(require.resolve("node-red/package.json"));

/** The path of the `node-red` module, for node-red-node-test-helper's `init`. */
export const nodeRedModule = require.resolve(nodeRedFolder);

/** The program that the command `node-red` starts. */
export const nodeRedProgram = join(nodeRedFolder, "red.js");

export const nodeRedVersion: string = JSON.parse(readFileSync(join(nodeRedFolder, "package.json"), "utf8")).version;
