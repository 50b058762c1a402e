/** Bodies that are not as documented: the right numbers or an error, never a made-up zero. */
import type { Values } from "../../../src/lib/index.js";
import { type Fault, once, retried, right, TIME, WATTS } from "./fault.js";
import { http } from "./raw-server.js";

const nested = (depth: number) => `${'{"a":'.repeat(depth)}1${"}".repeat(depth)}`;
const beside = (text: string) => `{"data":{"t1":[${TIME},5]},"more":${text}}`;
const channels = (count: number) => `{${Array.from({ length: count }, (_, n) => `"c${n}":[${TIME},${n}]`).join()}}`;

const REFUSED: [string, string | Buffer][] = [
  ["a page", "<!doctype html><title>Sign in</title>"],
  ["an empty body", ""],
  ["only whitespace", "  \r\n "],
  ["null", "null"],
  ["true", "true"],
  ["a number", "42"],
  ["a string", '"p1"'],
  ["an array", "[]"],
  ["an object without data", '{"io_id":1}'],
  ["a promise that is not a string", '{"promise":42}'],
  ["data null", '{"data":null}'],
  ["data an array", '{"data":[]}'],
  ["data a string", '{"data":"none"}'],
  ["data a number", '{"data":0}'],
  ["no channel", '{"data":{}}'],
  ["only broken pairs", '{"data":{"t1":[1],"t2":{},"gas":"12","volume":12}}'],
  ["a value above all numbers", `{"data":{"electric_power":[${TIME},1e999]}}`],
  ["a value below all numbers", `{"data":{"electric_power":[${TIME},-1e999]}}`],
  ["NaN as a string", `{"data":{"electric_power":[${TIME},"NaN"]}}`],
  ["Infinity as a string", `{"data":{"electric_power":[${TIME},"Infinity"]}}`],
  ["an empty string for a value", `{"data":{"electric_power":[${TIME},""]}}`],
  ["a pair in a pair", `{"data":{"electric_power":[[${TIME},1]]}}`],
  ["values true and false", `{"data":{"switch":[${TIME},true],"rate":[${TIME},false]}}`],
  ["a script", `callback(${WATTS})`],
  ["XML", "<data/>"],
  ["CSV", `time;value\n${TIME};193`],
  ["only __proto__", `{"data":{"__proto__":[${TIME},1]}}`],
  ["more than 4 MiB", `{"data":{"x":"${"y".repeat(5 * 1024 * 1024)}"}}`],
  ["a million empty entries, 3 MiB", `{"data":[${"{},".repeat(2 ** 20)}{}]}`],
  ["4 MiB of pairs beside a counter", beside(`[${"[0,0],".repeat(680_000)}0]`)],
  ["nested 101 deep", beside(nested(101))],
  ["nested 3,000 deep", beside(nested(3000))],
  ["arrays nested 3,000 deep", beside("[".repeat(3000) + "]".repeat(3000))],
  ["nested 50,000 deep", nested(50_000)],
  ["201 channels", `{"data":${channels(201)}}`],
  ["201 readings", `{"data":{"t1":[${TIME},5]},"totals":${channels(201)}}`],
  ["30,000 empty channels", `{"data":{${Array.from({ length: 30_000 }, (_, n) => `"c${n}":[]`).join()}}}`],
];

/** What starts as JSON but does not end as JSON may be cut off, so it is requested again. */
const CUT: [string, string | Buffer][] = [
  ["JSON that breaks off", WATTS.slice(0, -9)],
  ["one brace", "{"],
  ["a trailing comma", `{"data":{"electric_power":[${TIME},193],}}`],
  ["single quotes", "{'data':{}}"],
  ["two documents", WATTS + WATTS],
  ["a document and more text", `${WATTS}#`],
  ["a comment", `{/* live */"data":{}}`],
  ["bytes that are not UTF-8", Buffer.from([0x7b, 0xff, 0xfe, 0x7d])],
];

const READ: [string, string, Values][] = [
  ["numbers in quotes", `{"data":{"electric_power":["${TIME}","-4.5"]}}`, { electric_power: -4.5 }],
  ["[0,0]: never reported, not zero", '{"data":{"gas":[0,0]}}', { gas: null }],
  ["[0,0] of a rate alone", '{"data":{"electric_power":[0,0]}}', { electric_power: null }],
  ["[0,0] of a flow beside a live counter", `{"data":{"flow":[0,0],"volume":[${TIME},5]}}`, { flow: 0, volume: 5 }],
  ["[0,0] of a flow beside a reading", `{"data":{"flow":[0,0]},"totals":{"volume":[${TIME},5]}}`, { flow: 0 }],
  [
    "[0,0] of power beside a live counter",
    `{"data":{"electric_power":[0,0],"t1":[${TIME},5]}}`,
    { electric_power: 0, t1: 5 },
  ],
  [
    "[0,0] of a flow beside a counter that never reported",
    '{"data":{"flow":[0,0],"volume":[0,0]}}',
    { flow: null, volume: null },
  ],
  ["[0,0] of a counter beside another", `{"data":{"t2":[0,0],"t1":[${TIME},5]}}`, { t2: null, t1: 5 }],
  ["data beside a promise that is not a string", `{"promise":null,"data":{"t1":[${TIME},5]}}`, { t1: 5 }],
  ["value null", `{"data":{"gas":[${TIME},null]}}`, { gas: null }],
  ["time and value null", '{"data":{"gas":[null,null]}}', { gas: null }],
  ["a zero that was measured", `{"data":{"electric_power":[${TIME},0]}}`, { electric_power: 0 }],
  ["a negative time", '{"data":{"electric_power":[-5,12]}}', { electric_power: 12 }],
  ["a time in seconds", '{"data":{"electric_power":[1632948526,12]}}', { electric_power: 12 }],
  ["a time in the future", '{"data":{"electric_power":[4102444800000,12]}}', { electric_power: 12 }],
  ["a pair of one beside a good one", `{"data":{"t1":[${TIME},5],"t2":[${TIME}]}}`, { t1: 5, t2: null }],
  ["a pair of three beside a good one", `{"data":{"t1":[${TIME},5],"t3":[${TIME},1,2]}}`, { t1: 5, t3: null }],
  ["an object for a pair", `{"data":{"t1":[${TIME},5],"t3":{"0":1,"1":2,"length":2}}}`, { t1: 5, t3: null }],
  ["null for a pair", `{"data":{"t1":[${TIME},5],"gas":null}}`, { t1: 5, gas: null }],
  ["a string for a value", `{"data":{"t1":[${TIME},5],"t4":[${TIME},"x"]}}`, { t1: 5, t4: null }],
  ["an impossible time", '{"data":{"t1":[1e300,5],"t2":[1,2]}}', { t1: null, t2: 2 }],
  ["an unknown channel", `{"data":{"warp_core":[${TIME},9]}}`, { warp_core: 9 }],
  [
    "channels named like members of every object",
    `{"data":{"constructor":[${TIME},2],"toString":[${TIME},3]}}`,
    { constructor: 2, toString: 3 },
  ],
  ["__proto__ beside a channel", `{"data":{"__proto__":[${TIME},1],"t1":[${TIME},5]}}`, { t1: 5 }],
  ["a channel twice: the last", `{"data":{"t1":[${TIME},4],"t1":[${TIME},5]}}`, { t1: 5 }],
  ["a channel without a name", `{"data":{"":[${TIME},1],"t1":[${TIME},5]}}`, { t1: 5 }],
  ["more members than documented", `{"data":{"t1":[${TIME},5]},"extra":{"deep":[[]]},"io_id":{}}`, { t1: 5 }],
  ["a byte order mark", `\u{feff}{"data":{"t1":[${TIME},5]}}`, { t1: 5 }],
  ["whitespace around", ` \r\n\t{"data":{"t1":[${TIME},5]}}\n\n`, { t1: 5 }],
  ["a lone surrogate in a name", `{"data":{"t1":[${TIME},5],"\\ud800":[${TIME},6]}}`, { t1: 5 }],
  ["a number of many digits", `{"data":{"t1":[${TIME},5.${"0".repeat(5000)}1]}}`, { t1: 5 }],
  ["nested 90 deep", beside(nested(90)), { t1: 5 }],
  [
    "200 channels",
    `{"data":${channels(200)}}`,
    Object.fromEntries(Array.from({ length: 200 }, (_, n) => [`c${n}`, n])),
  ],
];

export const PAYLOAD: Fault[] = [
  ...REFUSED.map(([it, body]) => ({ it, replies: [http(body)], outcomes: once("CEMM_BAD_RESPONSE") })),
  ...CUT.map(([it, body]) => ({ it, replies: [http(body)], outcomes: retried("CEMM_BAD_RESPONSE") })),
  ...READ.map(([it, body, values]) => ({ it, replies: [http(body)], outcomes: right(values) })),
];
