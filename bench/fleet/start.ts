/** 1,000 CEMMs 100 ms away, of which half of the answers are promised for a second. */
export const CEMMS = [
  "--devices",
  process.env.CEMM_BENCH_DEVICES ?? "1000",
  "--latency",
  "100",
  "--promise",
  "1000:0.5",
];

/** Eight requests at a time for each worker, and no rate: there is no cloud to spare. */
export const ENV = { RATE: "100000", REQUESTS: "8" };
