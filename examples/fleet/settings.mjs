/** The programs' settings from the environment: see fleet.env. A mistake in them ends a program with one line. */
const { env } = process;

process.on("uncaughtException", (error) => {
  console.error(error.message);
  process.exit(1);
});

/** The entries of a comma-separated list. */
const list = (text) => text.split(",").map((each) => each.trim());

function number(name, fallback) {
  const value = Number(env[name] || fallback);
  if (value > 0) return value;
  throw new Error(`${name} is "${env[name]}"; it must be a number above 0.`);
}

function address(text) {
  const [, host, port] = /^(.+):(\d+)$/.exec(text) ?? [];
  if (host) return { host, port: Number(port) };
  throw new Error(`REDIS has "${text}"; it must be an address and a port, such as 127.0.0.1:6379.`);
}

export const timezone = env.TIMEZONE || "Europe/Amsterdam";
export const meters = list(env.METERS || "p1");
/** Between two live readings of a meter, ms. */
export const every = number("LIVE_SECONDS", 60) * 1000;
/** Jobs a second, over all machines together. */
export const rate = number("RATE", 10);

export const account = {
  apiKey: env.CEMM_API_KEY || "",
  baseUrl: env.CEMM_BASE_URL,
  concurrency: number("REQUESTS", 4),
};

const servers = list(env.REDIS || "127.0.0.1:6379").map(address);
const password = env.REDIS_PASSWORD;
/** Sentinels know which Redis leads, and announce a new one. */
const sentinels = { sentinels: servers, name: "cemm", sentinelPassword: password, failoverDetector: true };

export const connection = {
  ...(servers.length > 1 ? sentinels : servers[0]),
  password,
  // BullMQ retries itself.
  maxRetriesPerRequest: null,
  // A server that is cut off answers neither a connect nor a disconnect.
  connectTimeout: 2000,
  disconnectTimeout: 500,
  // Without a Sentinel, only this ends the connection to a silent server. A live one sends something every 10 s, since
  // BullMQ waits no longer.
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
