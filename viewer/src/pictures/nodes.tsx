// Node pictures: chains, trees, graphs and heaps, as SVG.

import type { JSX } from "preact";
import { between, chain, forest, network, textWidth, type Spot } from "../model/layout";
import type { Cell, LinkNode, Picture } from "../model/scene";
import { short } from "../model/scope";
import { useLabels } from "./context";

const H = 34;
const TAG = 20;

export function Arrow(): JSX.Element {
  return (
    <defs>
      {["tip", "tip-new"].map((name) => (
        <marker key={name} id={`ca-${name}`} class={name} viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
          <path d="M0 0.6L8 4L0 7.4z" />
        </marker>
      ))}
    </defs>
  );
}

function Tags({ tags, x, y }: { tags: string[]; x: number; y: number }): JSX.Element | null {
  if (!tags.length) return null;
  const text = tags.join(", ");
  const width = textWidth(text) * 0.92 + 14;
  return (
    <g class="tag" style={{ transform: `translate(${x}px, ${y}px)` }}>
      <rect x={-width / 2} y={-9} width={width} height={18} rx={9} />
      <text y={4}>{text}</text>
    </g>
  );
}

// -- linked structures -------------------------------------------------------------------------

const label = (node: LinkNode): string => node.fields.map((f) => f.text).join(" · ") || "○";
const widthOf = (node: LinkNode): number => Math.max(H, textWidth(label(node)) + 20);

export function Links({ picture }: { picture: Extract<Picture, { kind: "links" }> }): JSX.Element {
  return picture.shape === "chain" ? <Chain picture={picture} /> : <Tree picture={picture} />;
}

function Chain({ picture }: { picture: Extract<Picture, { kind: "links" }> }): JSX.Element {
  const say = useLabels();
  const widths = picture.nodes.map(widthOf);
  const spots = chain(widths, 40, 620, 96);
  const places = new Map(picture.nodes.map((node, n) => [node.key, n]));
  const top = 44;
  const width = Math.max(...spots.map((s, n) => s.x + widths[n] / 2)) + 30;
  const height = Math.max(...spots.map((s) => s.y)) + top + H / 2 + 30;
  const at = (n: number): Spot => ({ x: spots[n].x + 14, y: spots[n].y + top });
  return (
    <svg class="nodes" viewBox={`0 0 ${width} ${height}`} width={width} height={height} role="img" aria-label={say("chain", { values: picture.nodes.map(label).join(", ") })}>
      <Arrow />
      {picture.edges.map((edge) => {
        const [a, b] = [places.get(edge.from)!, places.get(edge.to)!];
        const isBack = edge.label === "~" || (picture.edges.some((e) => e.from === edge.to && e.to === edge.from) && b < a);
        return <path key={`${edge.from}>${edge.to}>${edge.label}`} class={`edge${edge.changed ? " changed" : ""}`} marker-end={`url(#ca-${edge.changed ? "tip-new" : "tip"})`} d={chainPath(at(a), at(b), widths[a], widths[b], a, b, isBack)} />;
      })}
      {picture.nodes.map((node, n) => {
        const spot = at(n);
        return (
          <g key={node.key}>
            <Box node={node} spot={spot} width={widths[n]} />
            <Tags tags={node.tags} x={spot.x} y={spot.y - H / 2 - 15} />
          </g>
        );
      })}
      {picture.hidden > 0 && <text x={width - 20} y={height - 6} class="soft" text-anchor="end">{say("more", { count: picture.hidden })}</text>}
    </svg>
  );
}

function chainPath(a: Spot, b: Spot, wa: number, wb: number, na: number, nb: number, isBack: boolean): string {
  if (na === nb) return `M${a.x + wa / 2 - 8} ${a.y + H / 2}q14 26 -${wa / 2 - 8} 26q-${wa / 2} 0 -${wa / 2 - 10} -24`;
  if (Math.abs(na - nb) === 1 && a.y === b.y) {
    const sign = nb > na ? 1 : -1;
    const shift = isBack ? 7 : 0;
    return `M${a.x + (sign * wa) / 2} ${a.y + shift}L${b.x - (sign * wb) / 2 - sign * 2} ${b.y + shift}`;
  }
  const drop = a.y === b.y ? 22 + Math.min(10, Math.abs(na - nb) * 2) : 0;
  if (a.y === b.y) return `M${a.x} ${a.y + H / 2}C${a.x} ${a.y + H / 2 + drop} ${b.x} ${b.y + H / 2 + drop} ${b.x} ${b.y + H / 2 + 2}`;
  const down = b.y > a.y ? 1 : -1;
  const middle = (a.y + b.y) / 2;
  return `M${a.x} ${a.y + (down * H) / 2}C${a.x} ${middle} ${b.x} ${middle} ${b.x} ${b.y - down * (H / 2 + 2)}`;
}

function Box({ node, spot, width, round = 8 }: { node: LinkNode; spot: Spot; width: number; round?: number }): JSX.Element {
  const isChanged = node.fields.some((f) => f.changed);
  const isRead = node.fields.some((f) => f.read);
  return (
    <g class={`node${isChanged ? " changed" : ""}${isRead ? " read" : ""}`} style={{ transform: `translate(${spot.x}px, ${spot.y}px)` }}>
      <title>{node.fields.map((f) => `${f.name} = ${f.text}`).join("\n")}</title>
      <rect x={-width / 2} y={-H / 2} width={width} height={H} rx={round} />
      <text y={4.5}>{label(node)}</text>
    </g>
  );
}

function Tree({ picture }: { picture: Extract<Picture, { kind: "links" }> }): JSX.Element {
  const say = useLabels();
  const widths = new Map(picture.nodes.map((node) => [node.key, widthOf(node)]));
  const { spots, width, height } = forest(picture.nodes, widths, 46, 66);
  const top = H / 2 + TAG + 14;
  const at = (key: string): Spot => ({ x: spots.get(key)!.x + 20, y: spots.get(key)!.y + top });
  const [w, h] = [width + 40, height + top + H / 2 + 10];
  return (
    <svg class="nodes" viewBox={`0 0 ${w} ${h}`} width={w} height={h} role="img" aria-label={say("tree", { values: picture.nodes.map(label).join(", ") })}>
      <Arrow />
      {picture.edges.filter((e) => spots.has(e.from) && spots.has(e.to)).map((edge) => {
        const [a, b] = [at(edge.from), at(edge.to)];
        const bend = b.y > a.y ? `M${a.x} ${a.y + H / 2}C${a.x} ${a.y + H / 2 + 18} ${b.x} ${b.y - H / 2 - 18} ${b.x} ${b.y - H / 2 - 1}` : between(a, b, 18, 18, 30).path;
        return <path key={`${edge.from}>${edge.to}`} class={`edge${edge.changed ? " changed" : ""}`} d={bend} />;
      })}
      {picture.nodes.filter((n) => spots.has(n.key)).map((node) => (
        <g key={node.key}>
          <Box node={node} spot={at(node.key)} width={widths.get(node.key)!} round={17} />
          <Tags tags={node.tags} x={at(node.key).x} y={at(node.key).y - H / 2 - 12} />
        </g>
      ))}
    </svg>
  );
}

// -- a heap in a list --------------------------------------------------------------------------

export function HeapTree({ cells, size }: { cells: Cell[]; size: number }): JSX.Element | null {
  const say = useLabels();
  if (cells.length < size) return null;
  const texts = cells.map((cell) => (cell.picture.kind === "atom" ? short(cell.picture.text, 10) : "…"));
  const widest = Math.max(30, ...texts.map((t) => textWidth(t) + 16));
  const levels = Math.ceil(Math.log2(size + 1));
  const across = 2 ** Math.max(0, levels - 1) * (widest + 10);
  const spot = (k: number): Spot => {
    const level = Math.floor(Math.log2(k + 1));
    const first = 2 ** level - 1;
    const step = across / 2 ** level;
    return { x: (k - first + 0.5) * step, y: level * 52 + 22 };
  };
  const height = levels * 52;
  return (
    <svg class="nodes heap" viewBox={`0 0 ${across} ${height}`} width={across} height={height} role="img" aria-label={say("heap")}>
      {cells.map((cell) => {
        if (!cell.at) return null;
        const [a, b] = [spot((cell.at - 1) >> 1), spot(cell.at)];
        return <path key={cell.at} class="edge" d={`M${a.x} ${a.y + 15}L${b.x} ${b.y - 15}`} />;
      })}
      {cells.map((cell) => (
        <g key={cell.at} class={`node${cell.changed ? " changed" : ""}${cell.read ? " read" : ""}`} style={{ transform: `translate(${spot(cell.at).x}px, ${spot(cell.at).y}px)` }}>
          <rect x={-widest / 2} y={-15} width={widest} height={30} rx={15} />
          <text y={4.5}>{texts[cell.at]}</text>
        </g>
      ))}
    </svg>
  );
}

// -- graphs ------------------------------------------------------------------------------------

export function Network({ picture }: { picture: Extract<Picture, { kind: "network" }> }): JSX.Element {
  const say = useLabels();
  const widest = Math.max(...picture.nodes.map((n) => textWidth(short(n.key, 9))));
  const radius = Math.max(18, widest / 2 + 8);
  const pairs = picture.edges.map((e) => [e.from, e.to] as [string, string]);
  const { spots, width, height } = network(picture.nodes.map((n) => n.key), pairs, radius);
  const twin = new Set(pairs.map(([a, b]) => `${a}\n${b}`));
  const isBoth = pairs.every(([a, b]) => twin.has(`${b}\n${a}`)) && picture.edges.every((e) => picture.edges.some((o) => o.from === e.to && o.to === e.from && o.label === e.label));
  const pad = radius + 12;
  const top = pad + TAG + 4;
  const at = (key: string): Spot => ({ x: spots.get(key)!.x + pad + 14, y: spots.get(key)!.y + top });
  const shown = isBoth ? picture.edges.filter((e) => e.from <= e.to) : picture.edges;
  const [w, h] = [width + 2 * pad + 28, height + top + pad + TAG];
  return (
    <div class="network">
      <svg class="nodes" viewBox={`0 0 ${w} ${h}`} width={w} height={h} role="img" aria-label={say("network", { nodes: picture.nodes.length, edges: shown.length })}>
        <Arrow />
        {shown.map((edge) => {
          const bend = !isBoth && twin.has(`${edge.to}\n${edge.from}`) ? 9 : 0;
          const line = between(at(edge.from), at(edge.to), radius, radius + (isBoth ? 0 : 3), bend);
          return (
            <g key={`${edge.from}>${edge.to}`}>
              <path class="edge" marker-end={isBoth ? undefined : "url(#ca-tip)"} d={edge.from === edge.to ? loop(at(edge.from), radius) : line.path} />
              {edge.label && <text class="weight" x={line.middle.x} y={line.middle.y + 4}>{short(edge.label, 8)}</text>}
            </g>
          );
        })}
        {picture.nodes.map((node) => (
          <g key={node.key}>
            <g class={`node place${node.groups.map((g) => ` in${g}`).join("")}${node.read ? " read" : ""}`} style={{ transform: `translate(${at(node.key).x}px, ${at(node.key).y}px)` }}>
              <circle class="outer" r={radius + 4} />
              <circle r={radius} />
              {node.groups.includes(2) && <circle class="dot" cx={radius * 0.72} cy={-radius * 0.72} r={5} />}
              <text y={4.5}>{short(node.key, 9)}</text>
            </g>
            <Tags tags={node.tags} x={at(node.key).x} y={at(node.key).y + (isAbove(node.key, picture.edges, at) ? -radius - 16 : radius + 17)} />
          </g>
        ))}
      </svg>
      {picture.groups.length > 0 && (
        <p class="legend">{picture.groups.map((g) => <span key={g.name}><i class={`swatch in${g.hue}`} />{say("within", { name: g.name })}</span>)}</p>
      )}
    </div>
  );
}

/** Whether a name is better off above a place than below: where fewer lines leave. */
function isAbove(key: string, edges: { from: string; to: string }[], at: (key: string) => Spot): boolean {
  const own = at(key);
  let [up, down] = [0, 0];
  for (const { from, to } of edges) {
    const other = from === key ? to : to === key ? from : null;
    if (other === null || other === key) continue;
    const [dx, dy] = [at(other).x - own.x, at(other).y - own.y];
    const slope = dy / (Math.hypot(dx, dy) || 1);
    if (slope < -0.6) up++;
    if (slope > 0.6) down++;
  }
  return up <= down;
}

const loop = (a: Spot, r: number): string => `M${a.x - 6} ${a.y - r}c-18 -26 30 -26 12 0`;
