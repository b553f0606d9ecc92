// The picture: frames, arrows and boxes as SVG; zoom and pan.
import { select } from "d3-selection";
import "d3-transition";
import { zoom, zoomIdentity } from "d3-zoom";
import { isGroup } from "./tree.js";
import { shorten } from "./layout.js";

export function picture(holder, on) {
  const svg = select(holder).append("svg").attr("role", "application");
  const defs = svg.append("defs");
  for (const name of ["plain", "strong"]) {
    defs.append("marker").attr("id", `tip-${name}`).attr("class", `tip ${name}`).attr("viewBox", "0 0 8 8")
      .attr("refX", 7).attr("refY", 4).attr("markerUnits", "userSpaceOnUse").attr("markerWidth", 9).attr("markerHeight", 9).attr("orient", "auto")
      .append("path").attr("d", "M0,0L8,4L0,8z");
  }
  const world = svg.append("g");
  const pan = zoom().scaleExtent([0.05, 4]).on("zoom", ({ transform }) => world.attr("transform", transform));
  svg.call(pan).on("dblclick.zoom", null);
  svg.on("click", (event) => event.target === svg.node() && on.nothing());
  return { svg, world, pan, on, placed: null };
}

export function draw(view, placed, labelOf, hue) {
  view.placed = placed;
  view.world.selectAll("*").remove();
  drawFrames(view, placed.frames, hue);
  view.world.append("g").selectAll("path").data(placed.edges).join("path")
    .attr("class", (d) => `edge ${kind(d.edge)}`).attr("d", (d) => line(d.points))
    .attr("stroke-width", (d) => Math.min(1 + Math.log2(d.edge.calls.length) * 0.7, 5))
    .attr("marker-end", "url(#tip-plain)")
    .on("click", (_, d) => view.on.edge(d.edge))
    .append("title").text((d) => `${d.edge.from.label} \u2192 ${d.edge.to.label}: ${d.edge.calls.length}`);
  drawNodes(view, placed.nodes, labelOf, hue);
}

function drawFrames(view, frames, hue) {
  const sorted = [...frames].sort((a, b) => b.width * b.height - a.width * a.height);
  const each = view.world.append("g").selectAll("g").data(sorted).join("g").attr("class", "frame");
  each.append("rect").attr("x", (d) => d.x - d.width / 2).attr("y", (d) => d.y - d.height / 2 - 12)
    .attr("width", (d) => d.width).attr("height", (d) => d.height + 12).attr("rx", 6)
    .attr("data-hue", (d) => hue(d.frame));
  const title = each.append("text").attr("x", (d) => d.x - d.width / 2 + 7).attr("y", (d) => d.y - d.height / 2 + 2)
    .attr("tabindex", 0).attr("role", "button").text((d) => `\u2212 ${shorten(d.frame.label)}`);
  title.on("click", (_, d) => view.on.fold(d.frame)).on("keydown", (event, d) => event.key === "Enter" && view.on.fold(d.frame));
}

function drawNodes(view, nodes, labelOf, hue) {
  const each = view.world.append("g").selectAll("g").data(nodes).join("g")
    .attr("class", (d) => `node ${isGroup(d.item) ? "group" : "leaf"}`)
    .attr("transform", (d) => `translate(${d.x - d.width / 2},${d.y - d.height / 2})`)
    .attr("tabindex", 0).attr("role", "button");
  each.append("rect").attr("width", (d) => d.width).attr("height", (d) => d.height).attr("rx", 4).attr("data-hue", (d) => hue(d.item));
  each.append("title").text((d) => d.item.id.replaceAll("\n", ".").replace(/\.$/, ""));
  each.selectAll("text").data((d) => labelOf(d.item)).join("text").attr("x", 9).attr("y", (_, i) => 17 + 15 * i)
    .attr("class", (_, i) => (i ? "under" : "")).text((d) => shorten(d));
  each.on("click", (_, d) => view.on.item(d.item)).on("keydown", (event, d) => event.key === "Enter" && view.on.item(d.item));
}

const kind = (edge) => (edge.from.leaf >= 0 || edge.to.leaf >= 0 ? edge.kind ?? "" : "");

function line(points) {
  const [first, ...rest] = points;
  let path = `M${first.x},${first.y}`;
  for (let i = 0; i < rest.length - 1; i++) {
    const middle = i === rest.length - 2 ? rest[i + 1] : { x: (rest[i].x + rest[i + 1].x) / 2, y: (rest[i].y + rest[i + 1].y) / 2 };
    path += `Q${rest[i].x},${rest[i].y} ${middle.x},${middle.y}`;
  }
  return rest.length === 1 ? `${path}L${rest[0].x},${rest[0].y}` : path;
}

export function fit(view, still) {
  const { width, height } = view.svg.node().getBoundingClientRect();
  const size = view.placed.size;
  const scale = Math.min(1.1, width / (size.width || 1), height / (size.height || 1));
  const readable = Math.max(scale, Math.min(0.55, 1));
  const x = Math.max((width - size.width * readable) / 2, 0);
  const y = Math.max((height - size.height * readable) / 2, 0);
  const target = still ? view.svg : view.svg.transition().duration(250);
  target.call(view.pan.transform, zoomIdentity.translate(x, y).scale(readable));
}

export function mark(view, item) {
  view.world.selectAll(".node").classed("chosen", (d) => d.item === item)
    .classed("far", (d) => !!item && d.item !== item && !view.placed.edges.some(({ edge }) => touches(edge, item, d.item)));
  view.world.selectAll(".edge").classed("lit", (d) => !!item && (d.edge.from === item || d.edge.to === item))
    .classed("far", (d) => !!item && d.edge.from !== item && d.edge.to !== item);
}

const touches = (edge, a, b) => (edge.from === a && edge.to === b) || (edge.to === a && edge.from === b);
