/** Opens ports, with a clear error for one that is not available. */
import { type EventEmitter, once } from "node:events";

export class PortError extends Error {
  override name = "PortError";
}

/** Waits until `listen` has taken its port. */
export async function listening(server: EventEmitter, listen: () => void, port: number, option: string): Promise<void> {
  try {
    const listens = once(server, "listening");
    listen();
    await listens;
  } catch (error) {
    throw portError(error, port, option);
  }
}

function portError(error: unknown, port: number, option: string): unknown {
  const reasons: Record<string, string> = {
    EADDRINUSE: `port ${port} is taken: choose another with ${option}`,
    EACCES: `port ${port} is not allowed for this user: choose another with ${option}`,
    EADDRNOTAVAIL: "this machine does not have that address: choose another with --host",
  };
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  return reasons[code] ? new PortError(reasons[code]) : error;
}
