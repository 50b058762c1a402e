/** fast-check's generators for everything from outside: bodies, promises, datagrams, messages, properties. */
import fc from "fast-check";

const TIME = 1_632_948_526_000;

/** Names of CEMM channels, of members of every object, and random ones. */
const name = fc.oneof(
  fc.constantFrom("electric_power", "t1", "t2", "gas", "flow", "volume", "rate"),
  fc.constantFrom("__proto__", "constructor", "prototype", "toString", "hasOwnProperty", "length", "data", ""),
  fc.string({ unit: "binary", maxLength: 12 }),
);
const odd = fc.constantFrom<unknown>(null, true, "", "1e999", "NaN", "-0", "0x1f", " 12 ", [], {}, "12", [[1, 2]]);
const number = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(0, -0, 1e308, 5e-324, 2 ** 53, TIME, TIME / 1000));
const pair = fc.oneof(
  fc.tuple(number, number),
  fc.tuple(fc.oneof(number, odd), fc.oneof(number, odd)),
  fc.array(fc.oneof(number, odd), { maxLength: 4 }),
  odd,
);
const json = fc.jsonValue({ maxDepth: 4 });
const channels = fc.dictionary(name, fc.oneof({ weight: 5, arbitrary: pair }, fc.array(pair, { maxLength: 6 }), json), {
  maxKeys: 8,
});
const likely = fc.record(
  { io_id: fc.oneof(number, odd), data: fc.oneof(channels, json), totals: fc.oneof(channels, json), promise: odd },
  { requiredKeys: ["data"] },
);

/** JSON text, including a written `__proto__`, which JSON.stringify of an object literal would not give. */
const text = fc.oneof(
  { weight: 5, arbitrary: likely.map((value) => JSON.stringify(value)) },
  json.map((value) => JSON.stringify(value)),
  fc.nat(5000).map((depth) => `{"data":{"t1":[${TIME},5]},"x":${"[".repeat(depth)}${"]".repeat(depth)}}`),
  fc.nat(400).map((count) => `{"data":{${Array.from({ length: count }, (_, n) => `"c${n}":[${TIME},${n}]`).join()}}}`),
  fc.nat(200_000).map((count) => `{"data":[${"{},".repeat(count)}{}]}`),
  fc.constant(`{"__proto__":{"polluted":1},"data":{"__proto__":{"polluted":[1,2]},"t1":[${TIME},5]}}`),
  fc.string({ unit: "binary", maxLength: 60 }),
);

/** A text with some bytes replaced. */
const damaged = fc.tuple(text, fc.nat(), fc.uint8Array({ maxLength: 6 })).map(([whole, at, bytes]) => {
  const before = Buffer.from(whole);
  const place = at % (before.length + 1);
  return Buffer.concat([before.subarray(0, place), bytes, before.subarray(place + bytes.length)]);
});

export const body = fc.oneof(
  text.map((whole) => Buffer.from(whole)),
  damaged,
  fc.uint8Array({ maxLength: 80 }),
);

/** Valid live values, which must come back unchanged. */
export const readings = fc.dictionary(
  fc.stringMatching(/^[a-z][a-z0-9_]{0,12}$/).filter((each) => !(each in {})),
  fc.tuple(fc.integer({ min: TIME, max: TIME + 1e9 }), fc.double({ noNaN: true, noDefaultInfinity: true })),
  { minKeys: 1, maxKeys: 8 },
);

export interface Promised {
  status: number;
  body: string;
  retryAfter: string;
}

export const promises: fc.Arbitrary<Promised[]> = fc.array(
  fc.record({
    status: fc.constantFrom(202, 200, 202, 201),
    body: fc.oneof(
      fc.string({ maxLength: 20 }).map((id) => JSON.stringify({ promise: id })),
      json.map((id) => JSON.stringify({ promise: id })),
    ),
    retryAfter: fc.oneof(
      fc.constantFrom("", "0", "-1", "soon", "1e9", "9".repeat(40)),
      fc.stringMatching(/^[ -~]{0,20}$/),
    ),
  }),
  { minLength: 1, maxLength: 2 },
);

const answer = fc.record(
  {
    mac: fc.oneof(fc.constantFrom("00:1e:c0:85:96:cc", "001EC08596CD", "d880.3946.22b5"), fc.string(), odd),
    port: fc.oneof(number, odd),
    ip: fc.oneof(fc.ipV4(), odd),
    version: fc.oneof(fc.string(), odd),
    type: fc.oneof(fc.string(), odd),
    init_state: fc.oneof(number, odd),
    __proto__: json,
  },
  { requiredKeys: [] },
);

export const datagram = fc.oneof(
  { weight: 3, arbitrary: answer.map((value) => Buffer.from(JSON.stringify(value) ?? "")) },
  body.map((bytes) => Buffer.from(bytes)),
  fc.nat(3000).map((length) => Buffer.from(`{"mac":"00:1e:c0:85:96:cc","type":"${"x".repeat(length)}"}`)),
);

/** Any JavaScript value except functions. */
export const anything = fc.oneof(
  fc.anything({
    withBigInt: true,
    withDate: true,
    withMap: true,
    withNullPrototype: true,
    withObjectString: true,
    withSet: true,
    withSparseArray: true,
    withTypedArray: true,
    maxDepth: 2,
  }),
  fc.constantFrom<unknown>(
    "p1",
    "day",
    "2026-01-01",
    Symbol("p1"),
    { uid: Symbol("p1"), device: Symbol("p1"), alias: Object.create(null) },
    0,
    Number.NaN,
    Infinity,
    -1,
    8.64e15,
    1e300,
    "\0",
    "${",
    "..",
    "[::1",
  ),
  // Very long texts of characters that the patterns for hosts, times and aliases accept.
  fc.constantFrom("/", ":", ".", "-", "[", "0", "a", " ", "1.", "0:").map((part) => part.repeat(100_000)),
);

export function propertiesOf(
  names: readonly string[],
  value: fc.Arbitrary<unknown>,
): fc.Arbitrary<Record<string, unknown>> {
  return fc.record(Object.fromEntries(names.map((each) => [each, value])), { requiredKeys: [] });
}

/** As in a flow file: from JSON. Node-RED itself cannot start a flow with a value that cannot be turned into text. */
export const jsonProperty = fc.oneof(
  fc
    .json({ maxDepth: 4 })
    .map((text): unknown => JSON.parse(text))
    .filter(isPrintable),
  fc.constantFrom<unknown>("p1", "msg", "day", "now", "ago", "values", "influx", 1e12),
);

function isPrintable(value: unknown): boolean {
  try {
    return typeof String(value) === "string";
  } catch {
    return false;
  }
}
