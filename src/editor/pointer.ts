/** Whether a mouse button or finger is down: if the form moved now, the click would miss. */
let isDown = false;
let waiting: (() => void)[] = [];

/** May be called repeatedly: a listener is added only once. */
export function watchPointer(): void {
  document.addEventListener("pointerdown", press, true);
  for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, release, true);
}

function press(): void {
  isDown = true;
}

/** Runs the waiting work after the click itself. */
function release(): void {
  isDown = false;
  setTimeout(() => {
    const work = waiting;
    waiting = [];
    for (const each of work) each();
  });
}

/** Runs `work` immediately, or after the click if a button is down. */
export function whenReleased(work: () => void): void {
  if (isDown) waiting.push(work);
  else work();
}
