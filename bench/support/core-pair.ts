/** What a user would build without this package: a core `http request` node and a function node. */

/** Makes the same payload, topic and `msg.cemm` as `cemm-realtime`; the message carries the details it needs. */
const MAKE_PAYLOAD = `
const meanings = {
  electric_power: ["Power", "W", "power", "measurement"],
  t1: ["Import, low tariff (or single counter)", "kWh", "energy", "total_increasing"],
  t2: ["Import, normal tariff", "kWh", "energy", "total_increasing"],
  t3: ["Export, low tariff (or single counter)", "kWh", "energy", "total_increasing"],
  t4: ["Export, normal tariff", "kWh", "energy", "total_increasing"],
  gas: ["Gas", "m³", "gas", "total_increasing"],
  rate: ["Tariff", null, null, null],
  switch: ["Breaker", null, null, null],
};
const limits = { electric_power: 300000, t1: 300000, t2: 300000, t3: 300000, t4: 300000, gas: 7800000 };
const receivedAt = Date.now();
const { io_id = null, data } = msg.payload;
const { uid, device, alias, source, host, requestedAt } = msg.ask;
const payload = {};
const channels = {};
let newest = null;
for (const [name, [at, value]] of Object.entries(data)) {
  const time = at > 0 ? at : null;
  const [label, unit, deviceClass, stateClass] = meanings[name] ?? [name, null, null, null];
  payload[name] = time === null ? null : value;
  const stale = time === null || receivedAt - time > (limits[name] ?? Infinity);
  channels[name] = { name: label, unit, time, stale, deviceClass, stateClass };
  if (time !== null && (newest === null || time > newest)) newest = time;
}
msg.payload = payload;
msg.topic = "cemm/" + (host ?? uid) + "/" + alias + "/realtime";
const age = newest === null ? null : receivedAt - newest;
msg.cemm = {
  uid, device, alias, kind: "realtime", source, ...(host && { host }), ioId: io_id,
  requestedAt, receivedAt, time: newest, age, stale: age > 300000, channels,
};
return msg;
`;

/** `keep`: whether connections are kept open, as our own route does. */
export function corePair(id: string, keep: boolean): object[] {
  const request = { type: "http request", method: "GET", ret: "obj", url: "", persist: keep, headers: [] };
  const make = { type: "function", func: MAKE_PAYLOAD, outputs: 1, initialize: "", finalize: "", libs: [] };
  return [
    { ...request, id, z: "tab", wires: [[`${id}-function`]] },
    { ...make, id: `${id}-function`, z: "tab", wires: [["flow-end"]] },
  ];
}
