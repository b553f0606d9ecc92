// Where nodes stand: a pure function of what is shown, so that the same step always looks the same.

import { forceCollide, forceLink, forceManyBody, forceSimulation, forceX, forceY, type SimulationNodeDatum } from "d3-force";
import { hierarchy, tree } from "d3-hierarchy";

export interface Spot {
  x: number;
  y: number;
}

export interface Layout {
  spots: Map<string, Spot>;
  width: number;
  height: number;
}

/** Pixels that a text takes in the pictures' monospaced face of 13 px. */
export const textWidth = (text: string): number => [...text].reduce((sum, c) => sum + (c.codePointAt(0)! > 0x2e7f ? 14 : 7.9), 0);

/** Boxes in rows, read like text; an odd row does not turn back. */
export function chain(widths: number[], gap: number, limit: number, rowHeight: number): Spot[] {
  const spots: Spot[] = [];
  let x = 0;
  let y = 0;
  for (const width of widths) {
    if (x > 0 && x + width > limit) {
      x = 0;
      y += rowHeight;
    }
    spots.push({ x: x + width / 2, y });
    x += width + gap;
  }
  return spots;
}

interface Branch {
  key: string;
  below: Branch[];
}

/** Trees side by side, by Reingold and Tilford; an absent child ("") keeps its side free. */
export function forest(nodes: { key: string; below: string[] }[], widths: Map<string, number>, dx: number, dy: number): Layout {
  const byKey = new Map(nodes.map((n) => [n.key, n]));
  const pointed = new Set(nodes.flatMap((n) => n.below));
  const placed = new Set<string>();
  const branch = (key: string): Branch => {
    placed.add(key);
    const own = byKey.get(key)!;
    const real = own.below.filter((k) => k);
    const below = real.length ? own.below.map((k, n) => (k && !placed.has(k) ? branch(k) : k ? null : { key: `${key}/${n}`, below: [] })) : [];
    return { key, below: below.filter((b): b is Branch => b !== null) };
  };
  const roots = [...nodes.filter((n) => !pointed.has(n.key)), ...nodes];
  const spots = new Map<string, Spot>();
  let right = 0;
  let bottom = 0;
  for (const root of roots) {
    if (placed.has(root.key)) continue;
    const laid = tree<Branch>().nodeSize([dx, dy]).separation((a, b) => separation(a.data.key, b.data.key, widths, dx) * (a.parent === b.parent ? 1 : 1.1))(
      hierarchy(branch(root.key), (d) => d.below),
    );
    let left = 0;
    let widest = 0;
    laid.each((n) => {
      left = Math.min(left, n.x - (widths.get(n.data.key) ?? 0) / 2);
      widest = Math.max(widest, n.x + (widths.get(n.data.key) ?? 0) / 2);
    });
    laid.each((n) => {
      if (!byKey.has(n.data.key)) return;
      spots.set(n.data.key, { x: right + n.x - left, y: n.y });
      bottom = Math.max(bottom, n.y);
    });
    right += widest - left + 28;
  }
  return { spots, width: Math.max(0, right - 28), height: bottom };
}

function separation(a: string, b: string, widths: Map<string, number>, dx: number): number {
  const wide = ((widths.get(a) ?? 18) + (widths.get(b) ?? 18)) / 2 + 14;
  return Math.max(0.5, wide / dx);
}

interface Body extends SimulationNodeDatum {
  key: string;
  level: number;
}

const known = new Map<string, Layout>();

/** A graph in levels from its first place, loosened by forces; worked out once for each graph. */
export function network(keys: string[], edges: [string, string][], radius: number): Layout {
  const signature = JSON.stringify([keys, edges, radius]);
  const before = known.get(signature);
  if (before) return before;
  const near = new Map<string, string[]>(keys.map((key) => [key, []]));
  for (const [from, to] of edges) {
    near.get(from)?.push(to);
    near.get(to)?.push(from);
  }
  const levels = new Map<string, number>();
  let offset = 0;
  for (const start of keys) {
    if (levels.has(start)) continue;
    levels.set(start, offset);
    const work = [start];
    for (const key of work) for (const next of near.get(key)!) if (!levels.has(next)) (levels.set(next, levels.get(key)! + 1), work.push(next));
    offset = 0;
  }
  const counts = new Map<number, number>();
  const bodies: Body[] = keys.map((key) => {
    const level = levels.get(key)!;
    const place = counts.get(level) ?? 0;
    counts.set(level, place + 1);
    return { key, level, x: level * 110, y: (place % 2 ? 1 : -1) * Math.ceil(place / 2 + 0.25) * 70 };
  });
  const links = edges.filter(([from, to]) => from !== to).map(([source, target]) => ({ source, target }));
  const simulation = forceSimulation(bodies)
    .force("link", forceLink<Body, (typeof links)[number] & { source: string; target: string }>(links as never).id((b) => b.key).distance(radius * 2 + 60).strength(0.25))
    .force("charge", forceManyBody().strength(-420))
    .force("x", forceX<Body>((b) => b.level * (radius * 2 + 66)).strength(0.6))
    .force("y", forceY(0).strength(0.12))
    .force("collide", forceCollide(radius + 18))
    .stop();
  for (let k = 0; k < 300; k++) simulation.tick();
  const [left, top] = [Math.min(...bodies.map((b) => b.x!)), Math.min(...bodies.map((b) => b.y!))];
  const spots = new Map(bodies.map((b) => [b.key, { x: Math.round(b.x! - left), y: Math.round(b.y! - top) }]));
  const layout = {
    spots,
    width: Math.max(...[...spots.values()].map((s) => s.x)),
    height: Math.max(...[...spots.values()].map((s) => s.y)),
  };
  known.set(signature, layout);
  return layout;
}

/** A line from one circle's edge to another's, bent aside where it has a twin. */
export function between(a: Spot, b: Spot, ra: number, rb: number, bend: number): { path: string; middle: Spot } {
  const [dx, dy] = [b.x - a.x, b.y - a.y];
  const length = Math.hypot(dx, dy) || 1;
  const [ux, uy] = [dx / length, dy / length];
  const [nx, ny] = [-uy * bend, ux * bend];
  const middle = { x: (a.x + b.x) / 2 + nx, y: (a.y + b.y) / 2 + ny };
  const [m1x, m1y] = [middle.x - a.x, middle.y - a.y];
  const l1 = Math.hypot(m1x, m1y) || 1;
  const [m2x, m2y] = [middle.x - b.x, middle.y - b.y];
  const l2 = Math.hypot(m2x, m2y) || 1;
  const from = { x: a.x + (m1x / l1) * ra, y: a.y + (m1y / l1) * ra };
  const to = { x: b.x + (m2x / l2) * rb, y: b.y + (m2y / l2) * rb };
  const r = (n: number) => Math.round(n * 10) / 10;
  return { path: `M${r(from.x)} ${r(from.y)}Q${r(middle.x + nx)} ${r(middle.y + ny)} ${r(to.x)} ${r(to.y)}`, middle: { x: middle.x + nx / 2, y: middle.y + ny / 2 } };
}
