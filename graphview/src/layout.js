// Where things stand: layers from callers to callees, frames around what belongs together.
import dagre from "@dagrejs/dagre";

const CHAR = 7.1;
const MOST_EDGES = 240;
const MOST_FRAMED = 60; // frames make the placing much slower

export const shorten = (text, most = 34) => (text.length > most ? `${text.slice(0, most - 1)}\u2026` : text);

export const width = (text) => Math.max(40, Math.round(shorten(text).length * CHAR) + 18);

/** {nodes, frames, edges} with x, y, width and height; frames only where dagre can place them. */
export function layout(items, frames, edges, labelOf) {
  try {
    return placed(items, items.length > MOST_FRAMED ? [] : frames, edges, labelOf);
  } catch {
    return placed(items, [], edges, labelOf);
  }
}

/** What nothing connects stands in rows of a few, not in one long column. */
function rows(items, edges) {
  const busy = new Set(edges.flatMap(({ from, to }) => [from.id, to.id]));
  const groups = new Map();
  for (const item of items) {
    const key = item.parent?.id ?? "";
    if (!busy.has(item.id)) groups.set(key, [...(groups.get(key) ?? []), item.id]);
  }
  const found = [];
  for (const ids of groups.values()) {
    const tall = Math.max(4, Math.ceil(Math.sqrt(ids.length * 2)));
    ids.forEach((id, at) => at + tall < ids.length && found.push([id, ids[at + tall]]));
  }
  return found;
}

function placed(items, frames, edges, labelOf) {
  const graph = new dagre.graphlib.Graph({ compound: true });
  graph.setGraph({ rankdir: "LR", nodesep: 16, ranksep: 26, edgesep: 4, marginx: 20, marginy: 20, ranker: "tight-tree" });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const frame of frames) graph.setNode(frame.id, { frame });
  for (const frame of frames) if (frame.parent?.parent && graph.hasNode(frame.parent.id)) graph.setParent(frame.id, frame.parent.id);
  for (const item of items) {
    const lines = labelOf(item);
    graph.setNode(item.id, { item, width: Math.max(...lines.map(width)), height: 10 + 15 * lines.length });
    if (item.parent && item.parent.id && graph.hasNode(item.parent.id)) graph.setParent(item.id, item.parent.id);
  }
  const shown = edges.filter(({ from, to }) => from !== to).slice(0, MOST_EDGES);
  for (const edge of shown) graph.setEdge(edge.from.id, edge.to.id, { edge, weight: Math.min(edge.calls.length, 5) });
  for (const [a, b] of rows(items, shown)) graph.setEdge(a, b, { weight: 0, minlen: 1 });
  dagre.layout(graph);
  const all = graph.nodes().map((id) => graph.node(id)).filter(Boolean);
  return {
    nodes: all.filter((each) => each.item),
    frames: all.filter((each) => each.frame && Number.isFinite(each.x)),
    edges: graph.edges().map((each) => graph.edge(each)).filter((each) => each.edge),
    left: edges.filter(({ from, to }) => from !== to).length - shown.length,
    size: graph.graph(),
  };
}
