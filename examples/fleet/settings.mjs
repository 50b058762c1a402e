/** The programs' settings from the environment: see fleet.env. */
const { env } = process;

/** What commas separate. */
const list = (text) => text.split(",").map((each) => each.trim());

export const timezone = env.TIMEZONE || "Europe/Amsterdam";
export const meters = list(env.METERS || "p1");
/** Between two live readings of a meter, ms. */
export const every = Number(env.LIVE_SECONDS || 60) * 1000;
/** Jobs a second, over all machines together. */
export const rate = Number(env.RATE || 10);

export const account = {
  apiKey: env.CEMM_API_KEY || "",
  baseUrl: env.CEMM_BASE_URL,
  concurrency: Number(env.REQUESTS || 4),
};

const [redis, ...others] = list(env.REDIS || "127.0.0.1:6379").map((address) => {
  const [host, port] = address.split(":");
  return { host, port: Number(port) };
});
const password = env.REDIS_PASSWORD;
/** More than one: they are Sentinels, which know the leading Redis. */
const servers = others.length > 0 ? { sentinels: [redis, ...others], name: "cemm", sentinelPassword: password } : redis;

export const connection = {
  ...servers,
  password,
  // BullMQ retries itself.
  maxRetriesPerRequest: null,
  // A server that is cut off is silent for minutes. A live one sends something every 10 s, since BullMQ waits no
  // longer.
  socketTimeout: 12_000,
};

export const influx = {
  url: env.INFLUX_URL || "http://127.0.0.1:8086",
  user: env.INFLUX_USER,
  password: env.INFLUX_PASSWORD,
};

/** The centre's broker. */
export const broker = {
  url: env.MQTT_URL || "mqtts://localhost:8883",
  user: env.MQTT_USER || "centre",
  password: env.MQTT_PASSWORD || "",
  ca: env.MQTT_CA || "/etc/cemm-ca.crt",
};
