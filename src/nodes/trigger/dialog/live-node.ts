/** Finds the live node whose messages reach a node, following the wires backwards through junctions and links. */
export function liveNodeBefore(node: EditorNode): EditorNode | undefined {
  // Iterating a set also visits entries added during the loop.
  const reached = new Set([node]);
  for (const each of reached) {
    if (each.type === "cemm-realtime") return each;
    if (each === node || /^(junction|link (in|out))$/.test(each.type))
      for (const source of sourcesOf(each)) reached.add(source);
  }
  return undefined;
}

function sourcesOf(node: EditorNode): EditorNode[] {
  // A live node's second output is its availability.
  const wires = RED.nodes.filterLinks({ target: node }).filter(({ sourcePort }) => sourcePort === 0);
  const links = node.type === "link in" && Array.isArray(node.links) ? node.links : [];
  const linked = links.map((id) => RED.nodes.node(String(id))).filter((each) => each !== null);
  return [...wires.map(({ source }) => source), ...linked];
}
