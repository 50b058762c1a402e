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
client.on("connect", () => client.subscribe("cemm/site/#", { qos: 1 }));
client.on("error", (error) => console.error(error.message));

client.handleMessage = async ({ topic, payload }, done) => {
  try {
    await write(pointsOf(topic, payload));
    done();
  } catch (error) {
    // Systemd starts it again, and the broker sends again what was not acknowledged.
    console.error(error);
    process.exit(1);
  }
};

/** What is no list of points will never be: it is left out. */
function pointsOf(topic, payload) {
  try {
    const points = JSON.parse(payload);
    return points.filter(({ tags, fields, timestamp }) => tags && fields && timestamp);
  } catch {
    console.error(`${topic}: not a list of points; left out.`);
    return [];
  }
}
