/** How flows look in the editor. */
import { z } from "zod";
import type { Editor } from "../editor/editor.js";

/** The smallest gap between two nodes, in pixels. */
const [MIN_X, MIN_Y] = [20, 10];

const Box = z.object({ id: z.string(), left: z.number(), right: z.number(), top: z.number(), bottom: z.number() });
type Box = z.infer<typeof Box>;

/**
 * Pairs of nodes that touch or nearly touch, buttons included, and nodes beyond the right edge of the window. A node has
 * a width only once its tab was shown.
 */
export async function crowded(editor: Editor): Promise<string[]> {
  const answer = await editor.page.evaluate(`(async () => {
    const edge = document.querySelector("#red-ui-workspace-chart").clientWidth;
    const tabs = [];
    for (const tab of RED.nodes.getWorkspaceOrder()) {
      RED.workspaces.show(tab);
      await new Promise((resolve) => setTimeout(resolve, 200));
      tabs.push(RED.nodes.filterNodes({ z: tab }).map(({ name, type, x, y, w, h }) => ({
        id: name || type,
        left: x - w / 2 - (type === "inject" ? 30 : 0),
        right: x + w / 2 + (type === "debug" ? 30 : 0),
        top: y - h / 2,
        bottom: y + h / 2,
      })));
    }
    return { edge, tabs };
  })()`);
  const { edge, tabs } = z.object({ edge: z.number(), tabs: z.array(z.array(Box)) }).parse(answer);
  const outside = tabs.flat().filter(({ right }) => right > edge);
  const close = tabs.flatMap(pairsOf).filter(([a, b]) => isClose(a, b));
  return [
    ...outside.map(({ id, right }) => `${id} ends at ${right} of ${edge}`),
    ...close.map(([a, b]) => `${a.id}, ${b.id}`),
  ];
}

const pairsOf = (boxes: readonly Box[]) => boxes.flatMap((a, n) => boxes.slice(n + 1).map((b): [Box, Box] => [a, b]));

function isClose(a: Box, b: Box): boolean {
  const apartX = Math.max(a.left, b.left) - Math.min(a.right, b.right);
  const apartY = Math.max(a.top, b.top) - Math.min(a.bottom, b.bottom);
  return apartX < MIN_X && apartY < MIN_Y;
}
