// Makes a release of a clean tree: `npm run release -- minor`, or `-- 1.2.3`. Sets the version, runs .ci/run,
// commits and tags. It pushes and publishes nothing, and restores the tree if something fails.
import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";

const FILES = ["package.json", "package-lock.json"];

/** Ends the release with a message to the user, without a stack trace. */
class ReleaseError extends Error {}

/** @param {string[]} args */
const git = (...args) => execFileSync("git", args, { encoding: "utf8" }).trim();

/** npm increases the version. The first release may keep the current one. @param {string} step */
function setVersion(step) {
  const args = ["version", step, "--no-git-tag-version", "--allow-same-version", "--ignore-scripts"];
  const { status, stderr } = spawnSync("npm", args, { encoding: "utf8" });
  if (status !== 0) throw new ReleaseError(`npm run release -- major, minor, patch, or a version\n${stderr}`);
  return JSON.parse(readFileSync("package.json", "utf8")).version;
}

/** @param {string} version */
function check(version) {
  const headings = readFileSync("CHANGELOG.md", "utf8").match(/^## .*$/gm) ?? [];
  if (headings[0] !== `## ${version}`)
    throw new ReleaseError(`The first heading of CHANGELOG.md must be "## ${version}": what does a user notice?`);
  if (git("tag", "--list", `v${version}`)) throw new ReleaseError(`There is a tag v${version} already.`);
  const { status } = spawnSync("bash", [".ci/run"], { stdio: "inherit" });
  if (status !== 0) throw new ReleaseError(".ci/run fails; see above.");
  const changed = git("diff", "--name-only").split("\n");
  if (changed.some((name) => name && !FILES.includes(name)))
    throw new ReleaseError(`.ci/run changed ${changed.join(", ")}.`);
}

function release(step) {
  if (git("status", "--porcelain")) throw new ReleaseError("There is something that is not committed: git status.");
  if (spawnSync("git", ["var", "GIT_COMMITTER_IDENT"]).status !== 0)
    throw new ReleaseError("git does not know who you are: git config user.name, git config user.email.");
  try {
    const version = setVersion(step);
    check(version);
    git("commit", "--quiet", "--allow-empty", "--message", `Release ${version}`, "--", ...FILES);
    git("tag", "--annotate", `v${version}`, "--message", `Release ${version}`);
    return version;
  } catch (error) {
    git("checkout", "--quiet", "--", ...FILES);
    throw error;
  }
}

try {
  const version = release(process.argv[2] ?? "");
  console.log(`v${version} is made. To publish it: git push --follow-tags`);
} catch (error) {
  if (!(error instanceof ReleaseError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
