/**
 * A suite that leaves a socket, timer or child process behind would keep mocha running forever.
 * This fails such a run, and reports what kept it alive.
 */
const GRACE_MS = 5000;

export function mochaGlobalTeardown(): void {
  // Unreferenced, so it fires only if something else keeps the process alive.
  setTimeout(fail, GRACE_MS).unref();
}

function fail(): void {
  console.error(`Still open ${GRACE_MS / 1000} s after the last test: ${process.getActiveResourcesInfo().join(", ")}`);
  // After mocha's own exit handler, which would set the code by the number of failed tests.
  process.on("exit", () => {
    process.exitCode = 1;
  });
  process.exit();
}
