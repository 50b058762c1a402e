/** `npm run release` in a scratch repository whose .ci/run only prints a given text. */
import assert from "node:assert/strict";
import { ScratchProject } from "./project.js";

describe("npm run release", function () {
  this.timeout(30_000);
  let project: ScratchProject;

  beforeEach(() => {
    project = new ScratchProject("package.json", "package-lock.json");
    project.write("package.json", JSON.stringify({ ...project.json("package.json"), version: "1.2.3" }));
    project.write("CHANGELOG.md", "# Changelog\n\n## 1.3.0\n\n- More.\n\n## 1.2.3\n\n- Less.\n");
    project.write(".ci/run", "exit 0\n");
    project.commitAll();
  });
  afterEach(() => project.remove());

  const state = () => [project.git("status", "--porcelain"), project.git("log", "--format=%s"), project.git("tag")];
  const untouched = ["", "as it stands", ""];

  it("sets the version, commits and tags", () => {
    const { status, output } = project.run("release", "minor");
    assert.equal(status, 0, output);
    assert.match(output, /git push --follow-tags/);
    assert.equal(project.json("package.json").version, "1.3.0");
    assert.equal(project.json("package-lock.json").version, "1.3.0");
    assert.deepEqual(state(), ["", "Release 1.3.0\nas it stands", "v1.3.0"]);
    assert.equal(project.git("rev-parse", "v1.3.0^{commit}"), project.git("rev-parse", "HEAD"));
  });

  it("releases the current version if it is named, as for the first release", () => {
    project.write("CHANGELOG.md", "# Changelog\n\n## 1.2.3\n\n- All.\n");
    project.git("commit", "--quiet", "--all", "--message", "first");
    const { status, output } = project.run("release", "1.2.3");
    assert.equal(status, 0, output);
    assert.equal(project.git("tag"), "v1.2.3");
  });

  it("refuses a tree with changes", () => {
    project.write("new.txt", "");
    const { status, output } = project.run("release", "minor");
    assert.equal(status, 1);
    assert.match(output, /not committed/);
    assert.deepEqual(state(), ["?? new.txt", "as it stands", ""]);
  });

  it("refuses anything but a version or a step", () => {
    for (const step of ["", "large", "1.2"]) {
      const { status, output } = project.run("release", step);
      assert.equal(status, 1, step);
      assert.match(output, /major, minor, patch/);
    }
    assert.deepEqual(state(), untouched);
  });

  it("refuses without a name and address in git, before anything runs", () => {
    project.git("config", "user.useConfigOnly", "true");
    project.git("config", "--unset", "user.email");
    const { status, output } = project.run("release", "minor");
    assert.equal(status, 1);
    assert.match(output, /git config user\.name/);
    assert.deepEqual(state(), untouched);
  });

  it("refuses a version that is not at the top of the changelog", () => {
    const { status, output } = project.run("release", "patch");
    assert.equal(status, 1);
    assert.match(output, /"## 1\.2\.4"/);
    assert.deepEqual(state(), untouched);
  });

  it("refuses if .ci/run fails", () => {
    project.write(".ci/run", "exit 1\n");
    project.git("commit", "--quiet", "--all", "--message", "red");
    const { status, output } = project.run("release", "minor");
    assert.equal(status, 1);
    assert.match(output, /\.ci\/run fails/);
    assert.deepEqual(state(), ["", "red\nas it stands", ""]);
  });

  it("refuses a version that already has a tag", () => {
    project.git("tag", "v1.3.0");
    const { status, output } = project.run("release", "minor");
    assert.equal(status, 1);
    assert.match(output, /a tag v1\.3\.0 already/);
    assert.equal(project.json("package.json").version, "1.2.3");
  });
});
