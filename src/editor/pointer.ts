/** Whether a mouse button or finger is down: moving the form then would make the click miss. */
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

/** After the click itself. */
function release(): void {
  isDown = false;
  setTimeout(() => {
    const work = waiting;
    waiting = [];
    for (const each of work) each();
  });
}

/** Immediately, or after the click of a running press. */
export function whenReleased(work: () => void): void {
  if (isDown) waiting.push(work);
  else work();
}
