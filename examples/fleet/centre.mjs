/** Writes what sites send into InfluxDB. A message is acknowledged once it is written: until then the broker keeps it. */
import { readFileSync } from "node:fs";
import mqtt from "mqtt";
import { write } from "./influx.mjs";
import { broker } from "./settings.mjs";

const client = mqtt.connect(broker.url, {
  username: broker.user,
  password: broker.password,
  ca: readFileSync(broker.ca),
  // One session that lasts: what comes while this program is away waits for it.
  clientId: "centre",
  clean: false,
});
client.on("connect", () => {
  client.subscribe("cemm/site/#", { qos: 1 });
  console.log("Listening.");
});
client.on("error", (error) => console.error(error.message));

client.handleMessage = async ({ topic, payload }, done) => {
  await take(payload).catch((error) => {
    console.error(`${topic}: ${error.message}`);
    // Started again, it is sent what was not acknowledged. What is no point will never be one: it is left out.
    if (error.status !== 400) process.exit(1);
  });
  done();
};

async function take(payload) {
  await write(pointsOf(payload));
}

function pointsOf(payload) {
  try {
    return JSON.parse(payload).filter(({ tags, fields, timestamp }) => tags && fields && timestamp);
  } catch (cause) {
    throw Object.assign(new Error("not a list of points", { cause }), { status: 400 });
  }
}
