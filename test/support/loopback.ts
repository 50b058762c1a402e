/**
 * Whoever imports this sees a machine with nothing but its loopback interface: no test ever broadcasts to a
 * real network. Works for imports by name too, whichever was first.
 */
import { syncBuiltinESMExports } from "node:module";
import os from "node:os";

const every = os.networkInterfaces;

os.networkInterfaces = () =>
  Object.fromEntries(
    Object.entries(every()).filter(([, addresses]) => addresses?.every(({ internal }) => internal) ?? false),
  );
syncBuiltinESMExports();
