/** Writes what sites send into InfluxDB. A message is acknowledged once it is written: until then the broker keeps it. */
import { readFileSync } from "node:fs";
import mqtt from "mqtt";
import { write } from "./influx.mjs";
import { broker } from "./settings.mjs";

const client = mqtt.connect(broker.url, {
  username: broker.user,
  password: broker.password,
  ca: readFileSync(broker.ca),
  // A persistent session: messages that arrive while this program is stopped wait for it.
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
    // After a restart the broker sends unacknowledged messages again. Invalid points are skipped, since they stay
    // invalid.
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
