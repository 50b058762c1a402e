/** An error about a field uses the dialog's name for it, and says where the value came from and what to do. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { HISTORY_FORMATS, READING_FORMATS } from "../../src/nodes/shared/formats.js";
import { flowsAtOnce, type Properties } from "../support/flow.js";
import { ENGLISH } from "../support/languages.js";
import { folderOf } from "../support/package-nodes.js";
import { NOBODY, UID } from "../support/server.js";

const Labels = z.object({
  label: z.record(z.string(), z.string()),
  field: z.record(z.string(), z.string()).optional(),
});

/** The label of a field, from the dialog's own catalogue. */
function label(type: string, name: string): string {
  const file = join(__dirname, "../../src/nodes/locales", ENGLISH, `${folderOf(type)}.json`);
  const { label, field } = Labels.parse(JSON.parse(readFileSync(file, "utf8")));
  return label[name] ?? field?.[name] ?? assert.fail(`${type} ${name}`);
}

const SHARED = "cemm-device";
const METER = label(SHARED, "alias");
const OTHER = label(SHARED, "target");
const FROM = label("cemm-history", "time");

interface Row {
  node: Properties & { type: string };
  msg?: Properties;
  device?: Properties;
  message: string | RegExp;
}

const live = (more: Properties) => ({ type: "cemm-realtime", ...more });
const past = (more: Properties) => ({ type: "cemm-history", ...more });
const ROWS: Row[] = [
  { node: live({ alias: "alias", aliasType: "msg" }), message: `${METER}: msg.alias is empty. Give it a value.` },
  { node: live({ alias: "" }), message: `${METER}: the field is empty. Give it a value.` },
  {
    node: live({ alias: "alias", aliasType: "msg" }),
    msg: { alias: "P1" },
    message: `${METER}, msg.alias: "P1" is not an alias; use lower-case letters, digits and dashes, such as p1, p1-gas or mb5.`,
  },
  { node: live({ alias: "P1" }), message: new RegExp(`^${METER}: "P1" is not an alias; use `) },
  {
    node: live({ alias: "$x(", aliasType: "jsonata" }),
    message: new RegExp(`^${METER}: \\$x\\( cannot be evaluated: `),
  },
  { node: live({ target: "uid", targetType: "flow" }), message: `${OTHER}: flow.uid is empty. Give it a value.` },
  {
    node: live({ target: "uid", targetType: "msg" }),
    msg: { uid: 5 },
    message: `${OTHER}, msg.uid: 5 is not text; use a MAC address or an address.`,
  },
  {
    node: live({ target: "a/b" }),
    message: `${OTHER}: "a/b" is not a CEMM; use a MAC address, or an address such as 192.168.1.10.`,
  },
  ...[
    { node: live({ format: "xml" }), formats: READING_FORMATS },
    { node: past({ format: "xml" }), formats: HISTORY_FORMATS },
  ].map(({ node, formats }) => ({
    node,
    message: new RegExp(`^${label(SHARED, "format")}: "xml" is not a format; use ${[...formats.keys()].join(", ")}`),
  })),
  ...[undefined, "  ", 5].map((channel) => ({
    node: live({ format: "value", channel }),
    message: new RegExp(`^${label(SHARED, "channel")} is empty\\. Choose one`),
  })),
  { node: past({ time: "from", timeType: "msg" }), message: `${FROM}: msg.from is empty. Give it a value.` },
  {
    node: past({ time: "from", timeType: "msg" }),
    msg: { from: "soon" },
    message: new RegExp(`^${FROM}, msg\\.from: "soon" is not a time; use `),
  },
  {
    node: past({ time: "-1", timeType: "ago" }),
    message: new RegExp(`^${FROM}: "-1" is not a number of periods to go back; use 0, 1, 2, …$`),
  },
  {
    node: past({ to: "$undefined", toType: "jsonata" }),
    message: `${label("cemm-history", "to")}: $undefined is empty. Give it a value.`,
  },
  {
    node: past({ period: "unit", periodType: "msg" }),
    msg: { unit: "week" },
    message: `${label("cemm-history", "period")}, msg.unit: "week" is not a period; use day, month or year.`,
  },
  {
    node: { type: "cemm-totals", time: "day", timeType: "msg" },
    message: `${label("cemm-totals", "time")}: msg.day is empty. Give it a value.`,
  },
  {
    node: { type: "cemm-discover", source: "air" },
    message: `${label("cemm-discover", "source")}: "air" is not a source; use lan or cloud.`,
  },
  {
    node: { type: "cemm-discover", timeout: 500 },
    message: `${label("cemm-discover", "timeout")} 0.001 to 300 seconds, not 500.`,
  },
  {
    node: { type: "cemm-discover", port: 70_000 },
    message: `70000 is not a ${label("cemm-discover", "port")}; CEMMs listen on 9777.`,
  },
  {
    node: live({}),
    device: { host: "a b" },
    message: 'House: "a b" is not an address; enter a name or an IP address, such as 192.168.1.10.',
  },
  {
    node: live({}),
    device: { uid: "1-2" },
    message: `House: "1-2" is not a ${label(SHARED, "uid")}; use one such as 00-1E-C0-85-96-CC.`,
  },
  {
    node: live({}),
    device: { timezone: "Mars" },
    message: 'House: "Mars" is not a time zone; use an IANA name such as Europe/Amsterdam.',
  },
  {
    node: live({}),
    device: { timeout: 0 },
    message: "House: the time limit (timeout) must be 0.1 to 3600 seconds, not 0.",
  },
  {
    node: live({}),
    device: { access: "air" },
    message: 'The CEMM "House": the connection (access) must be lan, cloud or auto, not "air".',
  },
];

describe("an error names the field as its dialog does", () => {
  flowsAtOnce(
    ROWS.map((row) => ({ it: String(row.message), ...row })),
    async ({ node, device }) => ({ node, device: { name: "House", host: NOBODY, uid: UID, ...device } }),
    async (flow, { msg, message }) => {
      const { code, message: seen } = await flow.error({ ...msg });
      assert.match(String(code), /^CEMM_(INPUT|CONFIG)$/);
      if (typeof message === "string") assert.equal(seen, message);
      else assert.match(seen, message);
    },
  );
});
