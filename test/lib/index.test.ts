/** What scripts can import. Adding or removing a name is a deliberate decision. */
import assert from "node:assert/strict";
import * as entry from "../../src/lib/index.js";

const NAMES = {
  asking: ["CemmClient", "CemmAccount", "DEFAULT_BASE_URL", "CemmError", "LIMITS", "diagnostics"],
  searching: ["discover", "DISCOVERY_PORT", "broadcastAddresses", "parseHost", "parseUid"],
  answers: ["schemas", "CHANNELS", "KINDS", "newestTime"],
  periods: ["PERIOD_UNITS", "periodName", "periodsBetween"],
  formats: ["toValue", "toValues", "toMeasurements", "toSeries", "toRows", "toPoints", "toInflux"],
};

describe("the package's entry", () => {
  it("exports exactly these names", () => {
    assert.deepEqual(Object.keys(entry).sort(), Object.values(NAMES).flat().sort());
  });
});
