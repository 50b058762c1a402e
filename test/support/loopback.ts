/**
 * Importing this hides all interfaces except loopback, so that no test broadcasts to a real network. Works for named
 * imports too, in any order.
 */
import { syncBuiltinESMExports } from "node:module";
import os from "node:os";

const every = os.networkInterfaces;

os.networkInterfaces = () =>
  Object.fromEntries(
    Object.entries(every()).filter(([, addresses]) => addresses?.every(({ internal }) => internal) ?? false),
  );
syncBuiltinESMExports();
