/** A line between two programs. Once cut, its connections are closed and new ones are refused until it is mended. */
import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";

const HOST = "127.0.0.1";

export class Line {
  port = 0;
  readonly #to: number;
  readonly #sockets = new Set<Socket>();
  #server: Server | undefined;

  private constructor(to: number) {
    this.#to = to;
  }

  /** Starts a line to this port. */
  static async to(port: number): Promise<Line> {
    const line = new Line(port);
    await line.mend();
    return line;
  }

  async mend(): Promise<void> {
    this.#server = createServer((near) => this.#join(near)).listen(this.port, HOST);
    await once(this.#server, "listening");
    const address = this.#server.address();
    if (address && typeof address === "object") this.port = address.port;
  }

  async cut(): Promise<void> {
    const server = this.#server;
    this.#server = undefined;
    if (!server) return;
    const closed = once(server, "close");
    server.close();
    for (const socket of this.#sockets) socket.destroy();
    await closed;
  }

  #join(near: Socket): void {
    const far = connect(this.#to, HOST);
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      this.#sockets.add(one);
      one.pipe(other);
      one.on("error", () => other.destroy());
      one.on("close", () => {
        this.#sockets.delete(one);
        other.destroy();
      });
    }
  }
}
