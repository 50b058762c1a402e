/** What a user builds without this package: a core `http request` node, and a function node behind it. */

/** Makes the same payload, topic and `msg.cemm` as `cemm-realtime`; what it needs to know was written on the message. */
const MAKE_PAYLOAD = `
const meanings = {
  electric_power: ["W", "power", "measurement"],
  t1: ["kWh", "energy", "total_increasing"],
  t2: ["kWh", "energy", "total_increasing"],
  t3: ["kWh", "energy", "total_increasing"],
  t4: ["kWh", "energy", "total_increasing"],
  gas: ["m³", "gas", "total_increasing"],
};
const { io_id = null, data } = msg.payload;
const { uid, device, alias, source, host, requestedAt } = msg.ask;
const payload = {};
const channels = {};
let newest = null;
for (const [name, [at, value]] of Object.entries(data)) {
  const time = at > 0 ? at : null;
  const [unit, deviceClass, stateClass] = meanings[name] ?? [null, null, null];
  payload[name] = time === null ? null : value;
  channels[name] = { unit, time, deviceClass, stateClass };
  if (time !== null && (newest === null || time > newest)) newest = time;
}
msg.payload = payload;
msg.topic = "cemm/" + uid + "/" + alias;
msg.cemm = {
  uid, device, alias, kind: "realtime", source, ...(host && { host }), ioId: io_id,
  requestedAt, receivedAt: Date.now(), time: newest, channels,
};
return msg;
`;

/** `keep`: whether connections are kept, as our own route keeps them. */
export function corePair(id: string, { keep, to }: { keep: boolean; to: string }): object[] {
  const request = { type: "http request", method: "GET", ret: "obj", url: "", persist: keep, headers: [] };
  const make = { type: "function", func: MAKE_PAYLOAD, outputs: 1, initialize: "", finalize: "", libs: [] };
  return [
    { ...request, id, z: "tab", wires: [[`${id}-function`]] },
    { ...make, id: `${id}-function`, z: "tab", wires: [[to]] },
  ];
}
