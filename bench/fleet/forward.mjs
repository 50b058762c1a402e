// Forwards ports from one address to another: node forward.mjs <address> <to> <port>...
import { connect, createServer } from "node:net";

const [address, to, ...ports] = process.argv.slice(2);
for (const port of ports.map(Number)) {
  createServer((near) => {
    const far = connect(port, to);
    near.pipe(far).pipe(near);
    near.on("error", () => far.destroy());
    far.on("error", () => near.destroy());
  }).listen(port, address, () => console.log("listens"));
}
