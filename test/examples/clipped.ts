/** Finds text of a page that cannot be read, by the position of its letters. Runs in the page. */
export function unreadable(area: Element): string[] {
  const holders = "button, nav, section";
  const problems: string[] = [];
  const width = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth > width) problems.push(`the page is wider than ${width}`);

  // A line of text is taller than its letters.
  const linesOf = (node: Node) => {
    const range = document.createRange();
    range.selectNodeContents(node);
    return [...range.getClientRects()].map(({ left, right, top, bottom }) => {
      const blank = (bottom - top) / 5;
      return { left, right, top: top + blank, bottom: bottom - blank };
    });
  };
  const texts = [...area.querySelectorAll("*")]
    .flatMap((element) => [...element.childNodes])
    .filter((node) => node.nodeType === 3 && node.textContent?.trim() && node.parentElement?.checkVisibility())
    .flatMap((node) => linesOf(node).map((line) => ({ text: node.textContent?.trim(), line, node })));

  for (const [index, { text, line, node }] of texts.entries()) {
    const holder = node.parentElement?.closest(holders)?.getBoundingClientRect();
    if (line.left < 0 || line.right > width) problems.push(`"${text}" leaves the page`);
    if (!holder) problems.push(`"${text}" is in no card`);
    else if (
      line.left < holder.left ||
      line.right > holder.right ||
      line.top < holder.top ||
      line.bottom > holder.bottom
    )
      problems.push(`"${text}" leaves its card`);
    for (const other of texts.slice(index + 1)) {
      const across = Math.min(line.right, other.line.right) - Math.max(line.left, other.line.left);
      const down = Math.min(line.bottom, other.line.bottom) - Math.max(line.top, other.line.top);
      if (across > 0.5 && down > 0.5) problems.push(`"${text}" and "${other.text}" overlap`);
    }
  }
  for (const element of area.querySelectorAll("*")) {
    const isCut = getComputedStyle(element).overflowX !== "visible" && element.scrollWidth > element.clientWidth + 1;
    if (isCut) problems.push(`<${element.tagName} class="${element.className}"> is cut off`);
  }
  for (const drawing of area.querySelectorAll("svg path")) {
    const [own, chart] = [drawing.getBoundingClientRect(), drawing.closest("section")?.getBoundingClientRect()];
    if (chart && (own.left < chart.left || own.right > chart.right || own.top < chart.top || own.bottom > chart.bottom))
      problems.push("a line leaves its card");
  }
  return problems;
}
