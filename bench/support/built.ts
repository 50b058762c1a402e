/** The package as shipped: benches measure `dist`, and tsx runs only the benches themselves. */
export const { CemmAccount, CemmClient }: typeof import("../../src/lib/index.js") = require("../../dist/lib/index.js");
export const {
  readHistory,
}: typeof import("../../src/lib/data/channels.js") = require("../../dist/lib/data/channels.js");
export const { toSeries }: typeof import("../../src/lib/data/format.js") = require("../../dist/lib/data/format.js");
export const {
  excessIn,
}: typeof import("../../src/lib/data/json-check.js") = require("../../dist/lib/data/json-check.js");
export const {
  HISTORY_FORMATS,
}: typeof import("../../src/nodes/shared/formats.js") = require("../../dist/nodes/shared/formats.js");
export const { periodAt }: typeof import("../../src/lib/data/calendar.js") = require("../../dist/lib/data/calendar.js");
export const {
  ApiPromise,
  History,
}: typeof import("../../src/lib/data/schemas.js") = require("../../dist/lib/data/schemas.js");
