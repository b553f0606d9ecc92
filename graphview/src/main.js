// The call graph page: what is open, what is chosen, and the list beside the picture.
import "./graph.css";
import { draw, fit, mark, picture } from "./draw.js";
import { layout } from "./layout.js";
import { around, buildTree, isGroup, joined, openSome, search, unpack, visible } from "./tree.js";

const MOST_AT_FIRST = 45;
const MOST_AROUND = 70;
const data = JSON.parse(document.getElementById("graph-data").textContent);
data.nodes = unpack(data);
const say = (key, parts = {}) => (data.texts[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => parts[name] ?? "");
const { root, places } = buildTree(data);
const state = { open: openSome(root, MOST_AT_FIRST), outside: false, focus: -1, steps: 1, chosen: null };
const panel = document.getElementById("panel");
const bar = document.getElementById("bar");

const view = picture(document.getElementById("map"), {
  item: (item) => (isGroup(item) ? toggle(item) : choose(item)),
  fold: (frame) => toggle(frame),
  edge: (edge) => showCalls(edge),
  nothing: () => choose(null),
});

function element(name, text, parts = {}) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  for (const [key, value] of Object.entries(parts)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else made.setAttribute(key, value);
  }
  return made;
}

const labelOf = (item) => {
  if (isGroup(item)) return [`${item.label}  +${item.leaves.length}`];
  const name = item.leaf >= 0 && data.nodes[item.leaf][2] === "<module>" ? `${item.label} (${say("module")})` : item.label;
  return state.focus >= 0 ? [name, holder(item)] : [name];
};

const holder = (item) => {
  const [name, module, qualname] = data.nodes[item.leaf];
  const inside = module === null ? name.split(".").slice(0, -1).join(".") : [module, ...qualname.split(".").slice(0, -1)].join(".");
  return inside || "\u00a0";
};

const hue = (item) => {
  let at = item;
  while (at.parent?.parent?.parent) at = at.parent;
  return [...(at.parent ?? root).children.keys()].indexOf(at.label) % 8;
};

function seen() {
  if (state.focus < 0) return visible(root, state.open, state.outside);
  const kept = around(usable(), state.focus, state.steps, MOST_AROUND);
  const owner = new Map([...kept].map((index) => [index, { ...places[index], children: new Map(), parent: null, leaf: index, id: `${places[index].id}\n` }]));
  return { items: [...owner.values()], frames: [], owner };
}

const usable = () => (state.outside ? data.edges : data.edges.filter(([, to]) => data.nodes[to][1] !== null));

function render(still) {
  const { items, frames, owner } = seen();
  const edges = joined(usable(), owner);
  for (const edge of edges) edge.kind = edge.calls.every((index) => data.edges[index][3] < 0.5) ? "guess" : data.kinds[data.edges[edge.calls[0]][2]];
  const placed = layout(items, frames, edges, labelOf);
  draw(view, placed, labelOf, hue);
  fit(view, still);
  const item = state.chosen && items.find((each) => each.leaf === state.chosen.leaf && each.leaf >= 0);
  mark(view, item ?? null);
  note(placed);
}

function note(placed) {
  const text = placed.left ? say("left", { count: placed.left }) : "";
  document.getElementById("note").textContent = text;
  document.getElementById("back").hidden = state.focus < 0;
  document.getElementById("more").hidden = state.focus < 0;
}

function toggle(item) {
  if (state.open.has(item.id)) state.open.delete(item.id);
  else {
    state.open.add(item.id);
    let only = item;
    while (only.children.size === 1 && isGroup([...only.children.values()][0])) {
      only = [...only.children.values()][0];
      state.open.add(only.id);
    }
  }
  render();
}

function choose(item) {
  state.chosen = item;
  const drawn = view.placed.nodes.find((each) => item && each.item.leaf === item.leaf && !isGroup(each.item));
  mark(view, drawn?.item ?? null);
  if (item && item.leaf >= 0) showFunction(item.leaf);
  else showSummary();
}

function focus(index) {
  state.focus = index;
  state.chosen = places[index];
  history.replaceState(null, "", `#${encodeURIComponent(data.nodes[index][0])}`);
  render();
  showFunction(index);
}

function whole() {
  state.focus = -1;
  history.replaceState(null, "", "#");
  render();
}

function reveal(index) {
  for (let at = places[index].parent; at; at = at.parent) state.open.add(at.id);
  if (isGroup(places[index])) state.open.add(places[index].id);
  if (data.nodes[index][1] === null) state.outside = document.getElementById("outside").checked = true;
  state.chosen = { leaf: index };
  whole();
  showFunction(index);
}

function showFunction(index) {
  const [name, , , path] = data.nodes[index];
  panel.replaceChildren(element("h2", name), element("p", path || say("from_outside"), { class: "path" }));
  const row = element("p");
  row.append(element("button", say("focus"), { onclick: () => focus(index) }), element("button", say("show"), { onclick: () => reveal(index) }));
  panel.append(row);
  const calls = data.edges.map((edge, at) => at);
  list(say("callers"), calls.filter((at) => data.edges[at][1] === index), 0);
  list(say("callees"), calls.filter((at) => data.edges[at][0] === index), 1);
}

function list(title, calls, end) {
  panel.append(element("h3", `${title} (${calls.length})`));
  const made = element("ul");
  for (const at of calls.slice(0, 200)) {
    const edge = data.edges[at];
    const other = edge[end];
    const item = element("li");
    item.append(element("a", data.nodes[other][0], { href: `#${encodeURIComponent(data.nodes[other][0])}`, onclick: (event) => { event.preventDefault(); focus(other); } }));
    item.append(element("span", remark(edge), { class: "remark" }));
    made.append(item);
  }
  panel.append(made);
}

function remark([, , kind, confidence, line]) {
  const words = [];
  if (!["static", "external"].includes(data.kinds[kind])) words.push(say(`kind_${data.kinds[kind]}`));
  if (confidence < 0.5) words.push(say("guess"));
  if (line) words.push(say("line", { line }));
  return words.length ? `  ${words.join(", ")}` : "";
}

function showCalls(edge) {
  panel.replaceChildren(element("h2", `${edge.from.label} \u2192 ${edge.to.label}`));
  const made = element("ul");
  for (const at of edge.calls.slice(0, 300)) {
    const [from, to] = data.edges[at];
    const item = element("li");
    item.append(element("a", data.nodes[from][0], { href: "#", onclick: (event) => { event.preventDefault(); focus(from); } }), " \u2192 ",
      element("a", data.nodes[to][0], { href: "#", onclick: (event) => { event.preventDefault(); focus(to); } }), element("span", remark(data.edges[at]), { class: "remark" }));
    made.append(item);
  }
  panel.append(made);
}

function showSummary() {
  panel.replaceChildren(element("h2", data.title), element("p", data.summary), element("p", say("help"), { class: "path" }));
  const counts = new Map();
  for (const [, to] of data.edges) counts.set(to, (counts.get(to) ?? 0) + 1);
  const top = [...counts].filter(([index]) => data.nodes[index][1] !== null).sort((a, b) => b[1] - a[1]).slice(0, 15);
  panel.append(element("h3", say("most_called")));
  const made = element("ul");
  for (const [index, count] of top) {
    const item = element("li");
    item.append(element("a", data.nodes[index][0], { href: "#", onclick: (event) => { event.preventDefault(); focus(index); } }), element("span", `  ${count}`, { class: "remark" }));
    made.append(item);
  }
  panel.append(made);
  for (const line of data.notices) panel.append(element("p", line, { class: "path" }));
}

function controls() {
  const box = element("input", undefined, { type: "search", id: "search", placeholder: say("search"), "aria-label": say("search"), autocomplete: "off" });
  const hits = element("ul", undefined, { id: "hits", role: "listbox" });
  const refresh = () => {
    hits.replaceChildren(...search(data.nodes, box.value, 12).map((index) =>
      element("li", data.nodes[index][0], { role: "option", tabindex: "0", onclick: () => take(index), onkeydown: (event) => event.key === "Enter" && take(index) })));
  };
  const take = (index) => { hits.replaceChildren(); box.value = ""; focus(index); };
  box.addEventListener("input", refresh);
  box.addEventListener("keydown", (event) => {
    const [first] = search(data.nodes, box.value, 1);
    if (event.key === "Enter" && first !== undefined) take(first);
    if (event.key === "Escape") hits.replaceChildren();
  });
  const outside = element("input", undefined, { type: "checkbox", id: "outside", onchange: () => { state.outside = outside.checked; render(); } });
  const label = element("label");
  label.append(outside, ` ${say("outside")}`);
  const wrap = element("div", undefined, { class: "search" });
  wrap.append(box, hits);
  bar.append(wrap, element("button", say("fit"), { onclick: () => fit(view) }), element("button", say("fold"), { onclick: () => { state.open = openSome(root, MOST_AT_FIRST); whole(); } }), label,
    element("button", say("back"), { id: "back", onclick: whole }), element("button", say("more"), { id: "more", onclick: () => { state.steps = state.steps === 1 ? 2 : 1; render(); } }), element("span", "", { id: "note" }));
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && document.activeElement !== box) { event.preventDefault(); box.focus(); }
    if (event.key === "Escape" && state.focus >= 0) whole();
  });
}

controls();
const asked = data.nodes.findIndex(([name]) => name === decodeURIComponent(location.hash.slice(1)) || name === data.start);
if (asked >= 0) focus(asked);
else { render(true); showSummary(); }
addEventListener("resize", () => fit(view, true));
document.body.dataset.ready = "yes";
