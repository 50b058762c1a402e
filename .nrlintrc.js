// What `nrlint` asks of examples/flows, in CI: all its rules, and of the code in function nodes what eslint calls errors.
const errors = [
  "eqeqeq",
  "no-const-assign",
  "no-constant-condition",
  "no-dupe-keys",
  "no-empty",
  "no-redeclare",
  "no-undef",
  "no-unreachable",
  "no-unused-vars",
  "no-var",
  "prefer-const",
  "use-isnan",
  "valid-typeof",
];

module.exports = {
  rules: {
    "align-to-grid": true,
    "max-flow-size": true,
    "no-duplicate-http-in-urls": true,
    "no-loops": true,
    "no-overlapping-nodes": true,
    "no-unconnected-http-nodes": true,
    "no-unnamed-functions": true,
    "no-unnamed-links": true,
    "function-eslint": {
      config: {
        env: { es2022: true },
        globals: { console: "readonly", Buffer: "readonly", setTimeout: "readonly", clearTimeout: "readonly" },
        parserOptions: { ecmaVersion: 2022 },
        rules: Object.fromEntries(errors.map((rule) => [rule, "error"])),
      },
    },
  },
};
