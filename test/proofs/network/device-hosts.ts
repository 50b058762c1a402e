/** Device hosts on interfaces of this namespace: each is a veth pair with a process at the other end. */
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { join } from "node:path";
import { z } from "zod";
import type { Device } from "./device-host-process.js";

const Heard = z.object({ heardFrom: z.number() });
export const HOUSE_A = "00:1E:C0:00:00:0A";
export const HOUSE_B = "00:1E:C0:00:00:0B";

export function ip(...command: string[]): void {
  execFileSync("ip", command, { stdio: ["ignore", "ignore", "inherit"] });
}

export class DeviceHost {
  /** The ports from which the devices were asked to identify themselves. */
  readonly heardFrom: number[] = [];
  private constructor(
    readonly number: number,
    private readonly child: ChildProcess,
  ) {
    child.on("message", (message) => {
      const heard = Heard.safeParse(message).data;
      if (heard) this.heardFrom.push(heard.heardFrom);
    });
  }

  /** 10.91.<number>.0/24, with this machine at .1. */
  static async open(number: number): Promise<DeviceHost> {
    const [here, there] = [`cemm${number}`, `far${number}`];
    const program = ["--import", "tsx", join(__dirname, "device-host-process.ts"), there];
    const child = spawn("unshare", ["-n", process.execPath, ...program], {
      stdio: ["ignore", "inherit", "inherit", "ipc"],
    });
    const host = new DeviceHost(number, child);
    await host.#next("ready");
    const pid = String(child.pid);
    ip("link", "add", here, "type", "veth", "peer", "name", there, "netns", pid);
    ip("addr", "add", `10.91.${number}.1/24`, "broadcast", `10.91.${number}.255`, "dev", here);
    ip("link", "set", here, "up");
    execFileSync("nsenter", ["-t", pid, "-n", "ip", "link", "set", there, "up"]);
    execFileSync("nsenter", ["-t", pid, "-n", "ip", "link", "set", "lo", "up"]);
    return host;
  }

  at(last: number): string {
    return `10.91.${this.number}.${last}`;
  }

  /** Replaces its devices. */
  async replaceDevices(...devices: Device[]): Promise<void> {
    const done = this.#next("done");
    this.child.send({ devices });
    await done;
  }

  link(state: "up" | "down"): void {
    ip("link", "set", `cemm${this.number}`, state);
  }

  close(): void {
    this.child.kill("SIGKILL");
  }

  house(letter: "a" | "b", last: number, more: Partial<Device> = {}): Device {
    const known = letter === "a" ? { mac: HOUSE_A, counter: 1000 } : { mac: HOUSE_B, counter: 9000 };
    return { kind: "cemm", ip: this.at(last), ...known, ...more };
  }

  #next(word: "ready" | "done"): Promise<void> {
    return new Promise((resolve) => {
      const listen = (message: unknown) => {
        if (!z.looseObject({ [word]: z.literal(true) }).safeParse(message).success) return;
        this.child.off("message", listen);
        resolve();
      };
      this.child.on("message", listen);
    });
  }
}
