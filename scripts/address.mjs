// Writes the project's address everywhere it is used: `npm run address -- https://github.com/owner/name.git`.
// Without an argument it prints the address, and fails if there is none. package.json is the source for the others.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

/** @param {string} page */
const addressesOf = (page) => ({
  files: `${page}/blob/HEAD/`,
  pictures: `${page.replace("github.com", "raw.githubusercontent.com")}/HEAD/`,
});

/** The project's page. @param {string} url as in a browser, git or npm */
function pageOf(url) {
  const [, owner, name] = /github\.com[/:]([\w-]+)\/([\w.-]+?)(?:\.git)?(?:#.*)?$/.exec(url) ?? [];
  return owner && name ? `https://github.com/${owner}/${name}` : undefined;
}

/** @param {string} page */
function fillPackage(page) {
  const { name, version, description, license, ...rest } = JSON.parse(readFileSync("package.json", "utf8"));
  const filled = {
    ...{ name, version, description, license },
    ...rest,
    repository: { type: "git", url: `git+${page}.git` },
    bugs: { url: `${page}/issues` },
    homepage: `${page}#readme`,
  };
  writeFileSync("package.json", `${JSON.stringify(filled, null, 2)}\n`);
}

/**
 * READMEs are also shown on npm and in the flow library, where relative links are dead.
 * @param {string} page
 * @param {string | undefined} former
 */
function fillReadmes(page, former) {
  const { files, pictures } = addressesOf(page);
  const formerly = former ? Object.values(addressesOf(former)) : [];
  for (const name of readdirSync(".").filter((each) => /^README.*\.md$/.test(each))) {
    const relative = formerly.reduce((text, address) => text.replaceAll(address, ""), readFileSync(name, "utf8"));
    const absolute = relative.replace(
      /\]\((?!\w+:|#)([^)\s]+)\)/g,
      (_, path) => `](${/\.(png|svg)$/.test(path) ? pictures : files}${path})`,
    );
    writeFileSync(name, absolute);
  }
}

/** @param {string} page */
function fillIssueForms(page) {
  const config = `blank_issues_enabled: false
contact_links:
  - name: A security vulnerability
    url: ${page}/security/advisories/new
    about: Please report it privately, and leave out your API key.
  - name: Security policy
    url: ${addressesOf(page).files}SECURITY.md
    about: How this package handles your key and your network.
`;
  writeFileSync(".github/ISSUE_TEMPLATE/config.yml", config);
}

const [given] = process.argv.slice(2);
const former = pageOf(JSON.parse(readFileSync("package.json", "utf8")).homepage ?? "");
const page = given ? pageOf(given) : former;
if (!page) {
  console.error(given ? `"${given}" is not a repository on GitHub.` : "There is no address yet.");
  console.error("npm run address -- https://github.com/<owner>/<name>.git");
  process.exit(1);
}
if (given) {
  fillPackage(page);
  fillReadmes(page, former);
  fillIssueForms(page);
}
console.log(page);
