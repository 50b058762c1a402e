/** `npm run address`, in a scratch copy of the files that it changes. */
import assert from "node:assert/strict";
import { ScratchProject } from "./project.js";

const ISSUE_FORMS = ".github/ISSUE_TEMPLATE/config.yml";
const FIRST = "https://github.com/owner/name";
const SECOND = "https://github.com/other/cemm.nodes";

describe("npm run address", () => {
  let project: ScratchProject;

  beforeEach(() => {
    project = new ScratchProject("package.json", ISSUE_FORMS);
    const { repository, bugs, homepage, ...nowhere } = project.json("package.json");
    project.write("package.json", JSON.stringify(nowhere));
    project.write("README.xx.md", "[b](CONTRIBUTING.md)");
    project.write(
      "README.md",
      "![a](docs/a.png) [b](CONTRIBUTING.md) [c](#c) [![d](docs/d.svg)](LICENSE) [e](https://nodered.org)",
    );
  });
  afterEach(() => project.remove());

  it("fails without an address, and says how to set it", () => {
    const { status, output } = project.run("address");
    assert.equal(status, 1);
    assert.match(output, /no address yet/);
  });

  for (const url of [`${FIRST}.git`, FIRST, `git+${FIRST}.git`, "git@github.com:owner/name.git"]) {
    it(`sets every address from ${url}`, () => {
      assert.equal(project.run("address", url).output, `${FIRST}\n`);
      const { repository, bugs, homepage } = project.json("package.json");
      assert.deepEqual(repository, { type: "git", url: `git+${FIRST}.git` });
      assert.deepEqual(bugs, { url: `${FIRST}/issues` });
      assert.equal(homepage, `${FIRST}#readme`);
      const raw = "https://raw.githubusercontent.com/owner/name/HEAD";
      assert.equal(
        project.read("README.md"),
        `![a](${raw}/docs/a.png) [b](${FIRST}/blob/HEAD/CONTRIBUTING.md) [c](#c) ` +
          `[![d](${raw}/docs/d.svg)](${FIRST}/blob/HEAD/LICENSE) [e](https://nodered.org)`,
      );
      assert.equal(project.read("README.xx.md"), `[b](${FIRST}/blob/HEAD/CONTRIBUTING.md)`);
      assert.ok(project.read(ISSUE_FORMS).includes(`${FIRST}/security/advisories/new`));
    });
  }

  it("moves the project, and leaves no trace of its former address", () => {
    project.run("address", FIRST);
    project.run("address", SECOND);
    const files = ["package.json", "README.md", ISSUE_FORMS].map((file) => project.read(file));
    for (const text of files) assert.doesNotMatch(text, /owner\/name/);
    for (const text of files) assert.match(text, /other\/cemm\.nodes/);
    assert.equal(project.run("address").output, `${SECOND}\n`);
  });

  it("refuses anything but a GitHub repository, and writes nothing", () => {
    const before = project.read("package.json");
    for (const url of ["https://example.org/owner/name.git", "owner/name", "https://github.com/owner"]) {
      assert.equal(project.run("address", url).status, 1, url);
    }
    assert.equal(project.read("package.json"), before);
  });
});
