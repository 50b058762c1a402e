/** Whether a mouse button or finger is down: what moves the form then takes the click from what was aimed at. */
let isDown = false;
let waiting: (() => void)[] = [];

/** However often: a listener is added once. */
export function watchPointer(): void {
  document.addEventListener("pointerdown", press, true);
  for (const end of ["pointerup", "pointercancel"]) document.addEventListener(end, release, true);
}

function press(): void {
  isDown = true;
}

/** The click itself comes first. */
function release(): void {
  isDown = false;
  setTimeout(() => {
    const work = waiting;
    waiting = [];
    for (const each of work) each();
  });
}

/** At once, but for a press under way: then after its click. */
export function whenReleased(work: () => void): void {
  if (isDown) waiting.push(work);
  else work();
}
