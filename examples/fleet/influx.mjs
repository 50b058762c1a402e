/** The database `cemm` of InfluxDB, by plain HTTP. */
import { influx } from "./settings.mjs";

const authorization = `Basic ${Buffer.from(`${influx.user}:${influx.password}`).toString("base64")}`;

/** Rejects unless the database accepted all. An existing point is overwritten. */
export async function write(points) {
  if (points.length > 0) await post("write", { precision: "ms" }, points.map(toLine).join("\n"));
}

/** The series that a query gives: `[{ tags, columns, values }]`, times in epoch ms. */
export async function query(q) {
  const [{ error, series = [] }] = JSON.parse(await post("query", { epoch: "ms", q })).results;
  if (error) throw new Error(`InfluxDB: ${error}`);
  return series;
}

async function post(path, parameters, body) {
  const response = await fetch(`${influx.url}/${path}?${new URLSearchParams({ db: "cemm", ...parameters })}`, {
    method: "POST",
    headers: { authorization },
    body,
    signal: AbortSignal.timeout(10_000),
  }).catch(({ message, cause }) => {
    throw new Error(`InfluxDB does not answer: ${cause?.message || message}`);
  });
  const text = await response.text();
  const { ok, status } = response;
  if (!ok) throw Object.assign(new Error(`InfluxDB answered ${status}: ${text}`), { status });
  return text;
}

function toLine({ measurement, tags, fields, timestamp }) {
  return `${measurement},${pairs(tags)} ${pairs(fields)} ${new Date(timestamp).getTime()}`;
}

const pairs = (values) => Object.entries(values).map((pair) => pair.map(escaped).join("="));
const escaped = (text) => String(text).replace(/[\s,=\\]/g, "\\$&");
