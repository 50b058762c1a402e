/**
 * Importing this disables the CEMMs' discovery port, where a simulator that happens to run on this machine would
 * answer. Tests search on their own ports.
 */
import { Socket } from "node:dgram";

const DISCOVERY_PORT = 9777;
const { send } = Socket.prototype;

Socket.prototype.send = function (this: Socket, ...args: unknown[]): void {
  if (!args.includes(DISCOVERY_PORT)) {
    Reflect.apply(send, this, args);
    return;
  }
  const callback = args.at(-1);
  if (typeof callback === "function") setImmediate(() => callback(null));
};
