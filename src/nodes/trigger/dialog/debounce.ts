/** In ms: a pause in typing. */
const PAUSE = 300;

/** Runs `work` a moment after the last call, and never twice at the same time. */
export function debounced(work: () => Promise<void>): () => void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isRunning = false;
  const end = () => {
    isRunning = false;
  };
  const run = () => {
    if (isRunning) return wait();
    isRunning = true;
    work().then(end, end);
  };
  const wait = () => {
    clearTimeout(timer);
    timer = setTimeout(run, PAUSE);
  };
  return wait;
}
