// Functions as a tree of packages, modules and classes, and what of it is to be seen: data only, no page.

/** A group has children by name; a leaf has the number of its function. */
function group(id, label, parent) {
  return { id, label, parent, children: new Map(), leaves: [], leaf: -1 };
}

/** Nodes as they travel, [module or -1, name in it] -> [name, module or null, name in it, path]. */
export function unpack({ modules, nodes }) {
  return nodes.map(([at, qualname]) => {
    if (at < 0) return [qualname, null, "", ""];
    const [module, path] = modules[at];
    return [qualname === "<module>" ? module : `${module}.${qualname}`, module, qualname, path];
  });
}

/** data.nodes as unpacked: a module of null stands outside of the target. */
export function buildTree(data) {
  const root = group("", data.title, null);
  const places = data.nodes.map((node, index) => {
    const holder = place(root, node);
    holder.leaf = index;
    return holder;
  });
  places.forEach((each, index) => {
    for (let above = each; above; above = above.parent) above.leaves.push(index);
  });
  return { root, places };
}

function place(root, [name, module, qualname]) {
  const parts = module === null ? ["\u2197", ...outside(name)] : [...module.split("."), ...inner(qualname)];
  let at = root;
  for (const part of parts) {
    const id = at.id ? `${at.id}\n${part}` : part;
    if (!at.children.has(part)) at.children.set(part, group(id, part, at));
    at = at.children.get(part);
  }
  return at;
}

const outside = (name) => {
  const dot = name.indexOf(".");
  return dot < 0 ? [name, name] : [name.slice(0, dot), name.slice(dot + 1)];
};

const inner = (qualname) => (qualname === "<module>" ? [] : qualname.split("."));

export const isGroup = (each) => each.children.size > 0;

/** Opens the largest groups as long as no more than `most` things are seen. */
export function openSome(root, most) {
  const open = new Set([root.id]);
  let seen = [...root.children.values()];
  for (;;) {
    const closed = seen.filter((each) => isGroup(each) && !open.has(each.id) && each.label !== "\u2197");
    closed.sort((a, b) => a.children.size - b.children.size || b.leaves.length - a.leaves.length);
    const next = closed.find((each) => each.children.size === 1) ?? closed.sort((a, b) => b.leaves.length - a.leaves.length)[0];
    if (!next || seen.length + next.children.size > most) return open;
    open.add(next.id);
    seen = visible(root, open, true).items;
  }
}

/** What is seen: closed groups and leaves as items, open groups as frames, and each function's item. */
export function visible(root, open, withOutside) {
  const items = [];
  const frames = [];
  const owner = new Map();
  const pending = [root];
  while (pending.length) {
    const each = pending.pop();
    if (each.label === "\u2197" && each.parent === root && !withOutside) continue;
    if (isGroup(each) && open.has(each.id)) {
      if (each !== root) frames.push(each);
      if (each.leaf >= 0) {
        const own = { id: `${each.id}\n`, label: each.label, parent: each, children: new Map(), leaves: [each.leaf], leaf: each.leaf, isOwn: true };
        items.push(own);
        owner.set(each.leaf, own);
      }
      pending.push(...[...each.children.values()].reverse());
    } else {
      items.push(each);
      for (const leaf of each.leaves) owner.set(leaf, each);
    }
  }
  return { items, frames, owner };
}

/** Calls between items: {from, to, count, calls}, the many first. */
export function joined(edges, owner) {
  const found = new Map();
  edges.forEach(([from, to], index) => {
    const a = owner.get(from);
    const b = owner.get(to);
    if (!a || !b || (a === b && isGroup(a))) return;
    const key = `${a.id}\u0000${b.id}`;
    if (!found.has(key)) found.set(key, { from: a, to: b, calls: [] });
    found.get(key).calls.push(index);
  });
  return [...found.values()].sort((a, b) => b.calls.length - a.calls.length);
}

/** The functions at most `steps` calls before and behind one, nearest first, at most `most`. */
export function around(edges, index, steps, most) {
  const next = new Map();
  const add = (a, b) => next.set(a, [...(next.get(a) ?? []), b]);
  for (const [from, to] of edges) {
    add(`>${from}`, to);
    add(`<${to}`, from);
  }
  const kept = new Set([index]);
  for (const way of ["<", ">"]) {
    let level = [index];
    for (let step = 0; step < steps; step++) {
      level = level.flatMap((each) => next.get(way + each) ?? []).filter((each) => !kept.has(each));
      level = [...new Set(level)];
      for (const each of level) if (kept.size < most) kept.add(each);
    }
  }
  return kept;
}

/** Functions whose name holds all words, the shortest names first. */
export function search(nodes, text, most) {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  if (!words.length) return [];
  const hits = [];
  nodes.forEach(([name], index) => {
    const low = name.toLowerCase();
    if (words.every((word) => low.includes(word))) hits.push(index);
  });
  const last = (index) => nodes[index][0].split(".").pop().toLowerCase();
  const rank = (index) => (last(index) === words[0] ? 0 : last(index).startsWith(words[0]) ? 1 : 2);
  return hits.sort((a, b) => rank(a) - rank(b) || nodes[a][0].length - nodes[b][0].length).slice(0, most);
}
