/** `npm run translate`, in a scratch copy of the texts. */
import assert from "node:assert/strict";
import { ScratchProject } from "./project.js";

const LOCALES = "src/nodes/locales";
const PAGE = "src/page/locales/en-US.json";
const ACCOUNT = "account.json";

describe("npm run translate", () => {
  let project: ScratchProject;

  beforeEach(() => {
    project = new ScratchProject(`${LOCALES}/en-US`, PAGE);
  });
  afterEach(() => project.remove());

  it("creates another language from the English texts", () => {
    const { status, output } = project.run("translate", "xx");
    assert.equal(status, 0, output);
    assert.match(output, /xx: \d+ helps and \d+ texts are as in English\.\n$/);
    for (const file of [ACCOUNT, "account.html", "shared/reset.html"]) {
      assert.equal(project.read(`${LOCALES}/xx/${file}`), project.read(`${LOCALES}/en-US/${file}`));
    }
    assert.deepEqual(project.json("src/page/locales/xx.json"), project.json(PAGE));
  });

  it("keeps translations, adds new texts and drops removed ones", () => {
    const english = { label: { name: "Name", added: "Added" } };
    project.write(`${LOCALES}/en-US/${ACCOUNT}`, JSON.stringify(english));
    project.write(`${LOCALES}/xx/${ACCOUNT}`, JSON.stringify({ label: { gone: "Weg", name: "Naam" } }));
    project.write(`${LOCALES}/xx/account.html`, "translated");
    const { output } = project.run("translate", "xx");
    assert.deepEqual(project.json(`${LOCALES}/xx/${ACCOUNT}`), { label: { name: "Naam", added: "Added" } });
    assert.equal(project.read(`${LOCALES}/xx/account.html`), "translated");
    assert.match(output, /xx: as in English: account\.json label\.added\n/);
  });

  it("leaves a file without new texts unchanged", () => {
    const spaced = project.read(PAGE).replace(",", ",\n\n");
    project.write("src/page/locales/xx.json", spaced);
    project.run("translate", "xx");
    assert.equal(project.read("src/page/locales/xx.json"), spaced);
  });

  it("gives a file with new texts the blank lines of the English one", () => {
    project.write(PAGE, '{\n  "bought": "Bought",\n\n  "costs": "\\"Costs\\": all"\n}\n');
    project.write("src/page/locales/xx.json", '{ "bought": "Gekocht" }');
    project.run("translate", "xx");
    const written = '{\n  "bought": "Gekocht",\n\n  "costs": "\\"Costs\\": all"\n}\n';
    assert.equal(project.read("src/page/locales/xx.json"), written);
  });

  it("reports a help text whose parts differ from the English one", () => {
    project.run("translate", "xx");
    assert.doesNotMatch(project.run("translate").output, /other parts/);
    const help = `${LOCALES}/en-US/account.html`;
    project.write(help, `${project.read(help)}<li>New.</li>`);
    assert.match(project.run("translate").output, /^xx: other parts than in English: account\.html$/m);
  });

  it("reports texts equal to English for all languages, and does not change English", () => {
    project.run("translate", "xx");
    project.run("translate", "yy");
    const before = project.read(`${LOCALES}/en-US/${ACCOUNT}`);
    const { output } = project.run("translate");
    assert.match(output, /^xx: \d+ helps/m);
    assert.match(output, /^yy: \d+ helps/m);
    assert.equal(project.read(`${LOCALES}/en-US/${ACCOUNT}`), before);
  });

  it("refuses anything but a language code", () => {
    for (const name of ["German", "../de", "DE"]) assert.equal(project.run("translate", name).status, 1, name);
  });
});
