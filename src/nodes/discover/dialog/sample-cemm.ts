/** A sample CEMM of a search or an account, for the example payload. */

const UID = "00-1E-C0-85-96-CC";
const MAC = UID.replaceAll("-", ":");
const METER = { alias: "p1", type: "p1", port: 3, ioId: 1, portOption: "p1_in", unitId: 16384 };

/** The most important properties first, since the example shows only those. */
export function sampleCemm(source: "lan" | "cloud", hasDetails: boolean): object {
  if (source === "cloud") {
    const meters = hasDetails && { meters: [{ ...METER, alias: null }] };
    return { uid: UID, source, ...meters, mac: MAC, model: null, core: null, initState: null };
  }
  const details = hasDetails && { name: "CEMM Basic", meters: [METER], firmware: "2.26.0.0" };
  return {
    uid: UID,
    host: "192.168.1.10",
    ...details,
    model: "CEMM_basic",
    core: "1.25",
    mac: MAC,
    initState: 1,
    source,
  };
}
