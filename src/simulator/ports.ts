/** Opens ports, with a clear error for one that is not available. */
import type { EventEmitter } from "node:events";

export class PortError extends Error {
  override name = "PortError";
}

/** Waits until `listen` has taken its port. */
export function listening(server: EventEmitter, listen: () => void, port: number, option: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException): void => reject(portError(error, port, option));
    server.once("error", failed);
    server.once("listening", () => {
      server.off("error", failed);
      resolve();
    });
    listen();
  });
}

function portError(error: NodeJS.ErrnoException, port: number, option: string): Error {
  const reasons: Record<string, string> = {
    EADDRINUSE: `port ${port} is taken: choose another with ${option}`,
    EACCES: `port ${port} is not allowed for this user: choose another with ${option}`,
    EADDRNOTAVAIL: "this machine does not have that address: choose another with --host",
  };
  const reason = reasons[error.code ?? ""];
  return reason ? new PortError(reason) : error;
}
