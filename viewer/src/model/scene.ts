// The picture of one moment as plain data: frames, their variables, and how each value is to be drawn.

import { brief, literal } from "./evaluate";
import type { Facts, Index } from "./facts";
import type { Run } from "./run";
import { changed, lookup, quietly, read, scopeOf, short, Touched } from "./scope";
import { ENUM, ITEMS, MEMBERS, NAMED, OBJECT, PAIRS, RETURN, type State, TENSOR, type Thing } from "./state";
import { isObject, objectOf, type V, unquoted } from "./values";
import { evaluate } from "./evaluate";
import { Text } from "./python";

/** A mark under a position: `text` says which variable, `hue` which of the colours. */
export interface Mark {
  text: string;
  hue: number;
  at: number;
  /** which of the lanes under the picture is its own */
  lane: number;
}

export interface Cell {
  at: number;
  picture: Picture;
  changed: boolean;
  read: boolean;
}

export type Picture =
  | { kind: "atom"; value: V; text: string; type: string }
  | { kind: "text"; value: V; cells: Cell[]; size: number; marks: Mark[]; slots: number }
  | { kind: "cells"; object: number; cls: string; cells: Cell[]; size: number; marks: Mark[]; slots: number; heap: boolean }
  | { kind: "grid"; object: number; rows: { at: number; object: number; cells: Cell[] }[]; columns: number[]; size: [number, number]; rowMarks: Mark[]; columnMarks: Mark[]; slots: [number, number] }
  | { kind: "members"; object: number; cls: string; cells: Cell[]; size: number }
  | { kind: "pairs"; object: number; cls: string; rows: { key: string; cell: Cell }[]; size: number }
  | { kind: "object"; object: number; cls: string; rows: { key: string; cell: Cell }[] }
  | { kind: "network"; object: number; cls: string; nodes: NetworkNode[]; edges: Edge[]; groups: Group[] }
  | { kind: "links"; object: number; shape: "chain" | "tree"; nodes: LinkNode[]; edges: Edge[]; hidden: number }
  | { kind: "same"; object: number; text: string };

export interface NetworkNode {
  key: string;
  value: V;
  /** numbers of the groups that hold it */
  groups: number[];
  /** variables that hold it */
  tags: string[];
  read: boolean;
}

/** A container of visited places, named by its variable. */
export interface Group {
  name: string;
  hue: number;
}

export interface Edge {
  from: string;
  to: string;
  label: string;
  changed: boolean;
}

export interface LinkNode {
  key: string;
  object: number;
  /** attributes that are no links, as text */
  fields: { name: string; text: string; changed: boolean; read: boolean }[];
  tags: string[];
  changed: boolean;
  /** slots of a tree node's children, by key or "" */
  below: string[];
}

export interface Row {
  names: { text: string; changed: boolean; read: boolean; number: number }[];
  picture: Picture;
  /** number of the row in the whole scene that shows the object which this one only refers to */
  refers: number | null;
  id: number;
}

export interface Frame {
  activation: number;
  title: string;
  line: number;
  depth: number;
  rows: Row[];
  current: boolean;
  isOpen: boolean;
  summary: string;
  returns: Picture | null;
}

export interface Scene {
  frames: Frame[];
  hidden: number;
}

const WIDE = 40;
const GRID = 26;
const SHOWN_FRAMES = 12;
const LINKS = new Set("next after prev previous left right child children parent link rest tail lo hi first_child sibling".split(" "));
const BACKWARD = new Set("prev previous parent up before".split(" "));

export function scene(run: Run, facts: Facts, i: number, opened: ReadonlySet<number>): Scene {
  return new Painter(run, facts, i).scene(opened);
}

class Painter {
  readonly state: State;
  readonly changed: Touched;
  readonly read: Touched;
  private drawn = new Map<number, { row: number; text: string }>();
  private rows = 0;
  private activation = 0;
  /** variables of the activation that lead into linked structures */
  private pointers: [string, V][] = [];

  constructor(readonly run: Run, readonly facts: Facts, readonly i: number) {
    this.state = run.state(i);
    this.changed = changed(run, i);
    this.read = read(run, facts, i);
  }

  scene(opened: ReadonlySet<number>): Scene {
    if (!this.facts.linkNames.size) this.sample();
    const stack = this.state.stack();
    const shown = [...stack].reverse();
    const current = shown.length ? this.run.functionName(shown[0]) : "";
    const isOpen = (activation: number) => opened.has(activation) !== current.startsWith(this.run.functionName(activation) + ".");
    const frames = shown.slice(0, SHOWN_FRAMES).map((activation, n) => this.frame(activation, n === 0, n === 0 || isOpen(activation)));
    const globals = this.globals(stack);
    if (globals) frames.push(globals);
    return { frames: frames.filter((f) => f.rows.length || f.current || f.title), hidden: Math.max(0, shown.length - SHOWN_FRAMES) };
  }

  private frame(activation: number, current: boolean, isOpen: boolean): Frame {
    this.activation = activation;
    const run = this.run;
    const name = run.functionName(activation);
    const variables = name === "<module>" ? this.moduleVariables() : this.variables(activation).filter(([, value]) => this.isData(value));
    const line = this.lineOf(activation);
    const rows = isOpen ? this.rowsOf(variables, activation, name === "<module>") : [];
    const summary = isOpen ? "" : variables.slice(0, 6).map(([n, v]) => `${run.texts.text(n)} ${short(brief(run.texts, this.state, v), 22)}`).join("   ");
    const returns = current && run.kinds[this.i] === RETURN && run.owner[this.i] === activation ? this.picture(run.value(this.i) ?? 0, "", 0, -1) : null;
    return { activation, title: name, line, depth: 0, rows, current, isOpen, summary, returns };
  }

  /** The line at which an activation stands: its latest event so far. */
  private lineOf(activation: number): number {
    let k = this.i;
    if (this.run.owner[k] === activation) return this.run.place(k).line;
    let last = this.run.entered[activation];
    for (k = last; k >= 0 && k <= this.i; k = this.run.nextOwn[k]) last = k;
    return last >= 0 ? this.run.place(last).line : 0;
  }

  private variables(activation: number): [number, V][] {
    return [...(this.state.frames.get(activation)?.values ?? [])];
  }

  private moduleVariables(): [number, V][] {
    const found: [number, V][] = [];
    for (const space of this.state.globals.values()) for (const [name, value] of space.values) if (this.isData(value)) found.push([name, value]);
    return found;
  }

  private isData(value: V): boolean {
    return isObject(value) || !/^<(function|class|module|built|bound|staticmethod)/.test(this.run.texts.atom(value));
  }

  private globals(stack: number[]): Frame | null {
    if (stack.some((activation) => this.run.functionName(activation) === "<module>")) return null;
    this.activation = -1;
    const rows = this.rowsOf(this.moduleVariables(), -1, true);
    return rows.length ? { activation: -1, title: "", line: 0, depth: 0, rows, current: false, isOpen: true, summary: "", returns: null } : null;
  }

  // -- rows ----------------------------------------------------------------------------------

  private rowsOf(variables: [number, V][], activation: number, isModule: boolean): Row[] {
    const rows = new Map<number, Row>();
    const shown = variables.filter(([, value]) => this.isData(value));
    const isLinked = ([, value]: [number, V]) => isObject(value) && this.isLink(this.state.things.get(objectOf(value))!);
    const name = (number: number) => ({
      number,
      text: this.run.texts.text(number),
      changed: this.touchedName(this.changed, activation, number, isModule),
      read: this.touchedName(this.read, activation, number, isModule),
    });
    this.pointers = shown.filter(isLinked).map(([number, value]) => [this.run.texts.text(number), value]);
    for (const [number, value] of shown.filter((v) => !isLinked(v))) rows.set(number, this.row(name(number), value));
    // what other pictures did not show of linked structures comes last: their nodes carry the names
    for (const [, group] of this.linkedGroups(shown.filter(isLinked))) {
      const [first, ...others] = group;
      const value = shown.find(([number]) => number === first)![1];
      const known = this.drawn.get(objectOf(value));
      const home = known && [...rows.values()].find((row) => row.id === known.row);
      if (home) home.names.push(name(first));
      else if (known) rows.set(first, this.row(name(first), value));
      else {
        const id = this.rows++;
        const entries = group.map((n) => [this.run.texts.text(n), shown.find(([m]) => m === n)![1]] as [string, V]);
        rows.set(first, { names: group.map(name), picture: this.links(entries, id), refers: null, id });
        continue;
      }
      for (const other of others) (home ?? rows.get(first)!).names.push(name(other));
    }
    const order = shown.map(([number]) => number);
    return [...rows].sort((a, b) => order.indexOf(a[0]) - order.indexOf(b[0])).map(([, row]) => row);
  }

  private row(name: Row["names"][number], value: V): Row {
    const id = this.rows++;
    const own = isObject(value) ? this.drawn.get(objectOf(value)) : undefined;
    const picture: Picture = own ? { kind: "same", object: objectOf(value), text: own.text } : this.picture(value, name.text, 0, id);
    return { names: [name], picture, refers: own ? own.row : null, id };
  }

  private touchedName(touched: Touched, activation: number, name: number, isModule: boolean): boolean {
    if (touched.names.has(`${activation}:${name}`)) return true;
    return isModule && [...this.state.globals.keys()].some((module) => touched.names.has(`g${module}:${name}`));
  }

  // -- values --------------------------------------------------------------------------------

  picture(value: V, path: string, depth: number, row: number): Picture {
    if (!isObject(value)) return this.atom(value, path, depth);
    const object = objectOf(value);
    const thing = this.state.things.get(object);
    if (!thing) return { kind: "atom", value, text: "…", type: "other" };
    const known = this.drawn.get(object);
    if (known) return { kind: "same", object, text: known.text };
    if (depth > 3 || (depth > 1 && this.isPlain(thing))) return this.asText(value);
    if (thing.kind !== NAMED && this.run.texts.text(thing.cls) !== "tuple") this.drawn.set(object, { row, text: path });
    return this.container(value, object, thing, path, depth, row);
  }

  /** A container of a few atoms, which reads best as its literal. */
  private isPlain(thing: Thing): boolean {
    return thing.kind !== OBJECT && thing.items.length <= 8 && thing.items.every((v) => !isObject(v));
  }

  private asText(value: V): Picture {
    return { kind: "atom", value, text: literal(this.run.texts, this.state, value), type: "other" };
  }

  private atom(value: V, path: string, depth: number): Picture {
    const text = this.run.texts.atom(value);
    const string = depth === 0 ? unquoted(text) : null;
    if (string !== null && string.length > 1) {
      const indexes = this.indexes(path, 0);
      if (indexes.length) {
        const letters = [...string];
        const marks = this.marks(indexes);
        const cells = this.window(letters.length, WIDE, marks, -1 - value).map((at) => ({
          at,
          picture: { kind: "atom", value: -1, text: letters[at] === " " ? "␣" : letters[at], type: "str" } as Picture,
          changed: false,
          read: this.read.has(-1 - value, at),
        }));
        return { kind: "text", value, cells, size: letters.length, marks, slots: indexes.length };
      }
    }
    return { kind: "atom", value, text, type: typeOf(text) };
  }

  private container(value: V, object: number, thing: Thing, path: string, depth: number, row: number): Picture {
    const cls = this.run.texts.text(thing.cls);
    switch (thing.kind) {
      case ITEMS:
        if (depth > 0 && cls === "tuple" && this.isPlain(thing)) return this.asText(value);
        return this.network(object, thing, path) ?? this.grid(object, thing, path) ?? this.cells(object, thing, cls, path, depth, row);
      case MEMBERS:
        return { kind: "members", object, cls, cells: this.items(object, thing, 0, "", depth, row, []), size: thing.items.length };
      case PAIRS:
        return this.network(object, thing, path) ?? this.pairs(object, thing, cls, path, depth, row);
      case OBJECT:
        if (this.isLink(thing)) return this.links([[path, value]], row);
        return { kind: "object", object, cls, rows: this.attributes(object, thing, path, depth, row) };
      case NAMED:
        return depth > 0 ? this.asText(value) : { kind: "object", object, cls, rows: this.attributes(object, thing, path, depth, row) };
      case ENUM:
      case TENSOR:
        return thing.kind === TENSOR ? this.tensor(object, thing) ?? this.asText(value) : this.asText(value);
    }
    return this.asText(value);
  }

  private cells(object: number, thing: Thing, cls: string, path: string, depth: number, row: number): Picture {
    const indexes = this.indexes(path, 0);
    const marks = this.marks(indexes);
    const heap = depth < 2 && this.isHeap(path, thing);
    return { kind: "cells", object, cls, cells: this.items(object, thing, depth, path, depth, row, marks), size: thing.items.length, marks, slots: indexes.length, heap };
  }

  private items(object: number, thing: Thing, _: number, path: string, depth: number, row: number, marks: Mark[]): Cell[] {
    return this.window(thing.items.length, WIDE, marks, object).map((at) => ({
      at,
      picture: this.picture(thing.items[at], path ? `${path}[${at}]` : "", depth + 1, row),
      changed: this.changed.has(object, at),
      read: this.read.has(object, at),
    }));
  }

  private pairs(object: number, thing: Thing, cls: string, path: string, depth: number, row: number): Picture {
    const size = thing.items.length / 2;
    const touched = [...(this.changed.items.get(object) ?? []), ...(this.read.items.get(object) ?? [])].map((k) => k >> 1);
    const shown = chosen(size, WIDE, touched);
    const rows = shown.map((n) => {
      const key = literal(this.run.texts, this.state, thing.items[2 * n]);
      return {
        key,
        cell: {
          at: n,
          picture: this.picture(thing.items[2 * n + 1], `${path}[${key}]`, depth + 1, row),
          changed: this.changed.has(object, 2 * n + 1) || this.changed.has(object, 2 * n),
          read: this.read.has(object, 2 * n + 1),
        },
      };
    });
    return { kind: "pairs", object, cls, rows, size };
  }

  private attributes(object: number, thing: Thing, path: string, depth: number, row: number): { key: string; cell: Cell }[] {
    const rows = [];
    for (let k = 0; k + 1 < thing.items.length; k += 2) {
      const key = unquoted(this.run.texts.atom(thing.items[k])) ?? "";
      rows.push({
        key,
        cell: { at: k, picture: this.picture(thing.items[k + 1], `${path}.${key}`, depth, row), changed: this.changed.has(object, k + 1), read: this.read.has(object, k + 1) },
      });
    }
    return rows;
  }

  private tensor(object: number, thing: Thing): Picture | null {
    const shape = (unquoted(this.run.texts.atom(thing.items[0])) ?? "").match(/\d+/g)?.map(Number) ?? [];
    const values = thing.items.slice(1);
    if (shape.length !== 2 || values.length !== shape[0] * shape[1] || !values.length) return null;
    const rows = Array.from({ length: shape[0] }, (_, r) => ({
      at: r, object,
      cells: Array.from({ length: shape[1] }, (_, c) => ({ at: c, picture: this.atom(values[r * shape[1] + c], "", 1), changed: this.changed.has(object, 1 + r * shape[1] + c), read: false })),
    }));
    return { kind: "grid", object, rows, columns: rows[0].cells.map((c) => c.at), size: [shape[0], shape[1]], rowMarks: [], columnMarks: [], slots: [0, 0] };
  }

  private grid(object: number, thing: Thing, path: string): Picture | null {
    const rows = thing.items.map((v) => (isObject(v) ? this.state.things.get(objectOf(v)) : undefined));
    if (rows.length < 1 || !rows.every((r) => r && r.kind === ITEMS && this.run.texts.text(r.cls) === "list")) return null;
    const width = Math.max(...rows.map((r) => r!.items.length));
    if (width < 1 || !rows.every((r) => r!.items.every((v) => !isObject(v)))) return null;
    const known = thing.items.map(objectOf);
    if (new Set(known).size < known.length) return null; // rows that are one and the same list are better shown as such
    const [byRow, byColumn] = [this.indexes(path, 0), this.indexes(path, 1)];
    const [rowMarks, columnMarks] = [this.marks(byRow), this.marks(byColumn)];
    const touchedRows: number[] = [];
    const touchedColumns: number[] = [];
    known.forEach((number, r) => {
      for (const set of [this.changed.items.get(number), this.read.items.get(number)]) set?.forEach((c) => (touchedRows.push(r), touchedColumns.push(c)));
    });
    const columns = chosen(width, GRID, [...touchedColumns, ...columnMarks.map((m) => m.at)]);
    const shown = chosen(rows.length, GRID, [...touchedRows, ...rowMarks.map((m) => m.at)]).map((at) => {
      this.drawn.set(known[at], { row: this.rows - 1, text: `${path}[${at}]` });
      const items = rows[at]!.items;
      const cells = columns.filter((c) => c < items.length).map((c) => ({
        at: c, picture: this.atom(items[c], "", 1), changed: this.changed.has(known[at], c), read: this.read.has(known[at], c),
      }));
      return { at, object: known[at], cells };
    });
    return { kind: "grid", object, rows: shown, columns, size: [rows.length, width], rowMarks, columnMarks, slots: [byRow.length, byColumn.length] };
  }

  // -- marks ---------------------------------------------------------------------------------

  private indexes(path: string, axis: number): (Index & { hue: number })[] {
    if (!path || this.activation < 0) return [];
    const entry = this.run.entered[this.activation];
    if (entry < 0) return [];
    const facts = this.facts.of(this.run.place(entry).fn);
    const hues = [...new Set(facts.indexes.map((x) => x.text))];
    return facts.indexes.filter((x) => x.axis === axis && x.holder === path).map((x) => ({ ...x, hue: hues.indexOf(x.text) % 6 }));
  }

  private marks(indexes: (Index & { hue: number })[]): Mark[] {
    const scope = scopeOf(this.run, this.state, this.activation);
    const found: Mark[] = [];
    for (const [lane, { text, hue }] of indexes.entries()) {
      const source = new Text(text);
      const node = source.tree.topNode.firstChild?.firstChild;
      const at = node ? quietly(() => evaluate(source, node, scope)) : undefined;
      if (typeof at === "number" && Number.isInteger(at)) found.push({ text, hue, at, lane: Math.min(lane, 4) });
    }
    return found;
  }

  private isHeap(path: string, thing: Thing): boolean {
    if (thing.items.length > 63 || this.activation < 0) return false;
    const stack = [this.activation, ...this.state.stack()];
    return stack.some((activation) => {
      const entry = this.run.entered[activation];
      return entry >= 0 && this.facts.of(this.run.place(entry).fn).heaps.has(path);
    });
  }

  private window(size: number, limit: number, marks: Mark[], object: number): number[] {
    const near = [...marks.map((m) => m.at), ...(this.changed.items.get(object) ?? []), ...(this.read.items.get(object) ?? [])];
    return chosen(size, limit, near);
  }

  // -- graphs --------------------------------------------------------------------------------

  /** A mapping (or list) of places to their neighbours. */
  private network(object: number, thing: Thing, path: string): Picture | null {
    const rows = this.neighbours(thing, path);
    if (!rows || rows.length < 2 || rows.length > 40) return null;
    const keys = new Set(rows.map(([key]) => key));
    let edges = 0;
    let others = 0;
    for (const [, near] of rows) for (const [to] of near) keys.has(to) ? edges++ : others++;
    if (!edges || others > edges / 4 || edges > 160) return null;
    const [groups, members] = this.visited(object, keys);
    const [held, values] = this.tags(keys);
    const readKeys = new Set([...(this.read.items.get(object) ?? [])].map((k) => (thing.kind === PAIRS ? rows[k >> 1]?.[0] : rows[k]?.[0])));
    const nodes = rows.map(([key, , value]) => ({
      key, value, groups: groups.map((_, n) => n).filter((n) => members[n].has(key)), tags: held.get(key) ?? [], read: readKeys.has(key),
    }));
    const links: Edge[] = [];
    for (const [from, near] of rows) for (const [to, label] of near) if (keys.has(to)) links.push({ from, to, label, changed: false });
    void values;
    return { kind: "network", object, cls: this.run.texts.text(thing.cls), nodes, edges: links, groups };
  }

  /** Rows of key text, neighbours with labels, and the key's value; null where it is no graph. */
  private neighbours(thing: Thing, path: string): [string, [string, string][], V][] | null {
    const rows: [string, [string, string][], V][] = [];
    const isList = thing.kind === ITEMS;
    const keys = new Set(isList ? thing.items.map((_, n) => String(n)) : thing.items.filter((_, n) => n % 2 === 0).map((v) => this.text(v)));
    if (isList && !/graph|adj|neighb|edges/i.test(path)) return null;
    const size = isList ? thing.items.length : thing.items.length / 2;
    const all = thing.items.filter((_, n) => isList || n % 2 === 1).map((v) => (isObject(v) ? this.state.things.get(objectOf(v)) : undefined));
    if (!all.every((inner) => inner && [ITEMS, MEMBERS, PAIRS].includes(inner.kind))) return null;
    const side = this.sideOf(all as Thing[], keys);
    if (side === null) return null;
    for (let n = 0; n < size; n++) {
      const held = isList ? thing.items[n] : thing.items[2 * n + 1];
      const inner = isObject(held) ? this.state.things.get(objectOf(held)) : undefined;
      if (!inner || ![ITEMS, MEMBERS, PAIRS].includes(inner.kind)) return null;
      const near: [string, string][] = [];
      for (let k = 0; k < inner.items.length; k += inner.kind === PAIRS ? 2 : 1) {
        const pair = this.pairOf(inner.items[k]);
        if (inner.kind === PAIRS) near.push([this.text(inner.items[k]), isObject(inner.items[k + 1]) ? "" : this.text(inner.items[k + 1])]);
        else if (pair) near.push([pair[side], pair[1 - side]]);
        else near.push([this.text(inner.items[k]), ""]);
      }
      rows.push([isList ? String(n) : this.text(thing.items[2 * n]), near, isList ? 6 * n : thing.items[2 * n]]);
    }
    if (isList && rows.some(([, near]) => near.length === rows.length && near.every(([to]) => to === "0" || to === "1"))) return null;
    return rows;
  }

  /**
   * Whether neighbours are told as pairs, and which side of a pair is the neighbour: the one that is a place in
   * every pair. Where both sides always are, or neither is, nothing can be said.
   */
  private sideOf(held: Thing[], keys: Set<string>): 0 | 1 | null {
    const all = held.filter((inner) => inner.kind !== PAIRS).flatMap((inner) => inner.items.map((value) => this.pairOf(value)));
    const pairs = all.filter((pair) => pair !== null);
    if (pairs.length !== all.length) return pairs.length ? null : 0;
    const [one, two] = [pairs.every((pair) => keys.has(pair[0])), pairs.every((pair) => keys.has(pair[1]))];
    return one === two && pairs.length ? null : one ? 0 : 1;
  }

  private pairOf(value: V): [string, string] | null {
    const inner = isObject(value) ? this.state.things.get(objectOf(value)) : undefined;
    if (!inner || inner.kind !== ITEMS || inner.items.length !== 2) return null;
    return [this.text(inner.items[0]), this.text(inner.items[1])];
  }

  private text(value: V): string {
    return literal(this.run.texts, this.state, value);
  }

  /** Containers of the activation that hold places of the graph, and which. */
  private visited(graph: number, keys: Set<string>): [Group[], Set<string>[]] {
    const groups: Group[] = [];
    const members: Set<string>[] = [];
    for (const [name, value] of this.variables(this.activation)) {
      if (!isObject(value) || objectOf(value) === graph || groups.length >= 3) continue;
      const thing = this.state.things.get(objectOf(value));
      if (!thing || ![ITEMS, MEMBERS, PAIRS].includes(thing.kind)) continue;
      const found = new Set<string>();
      if (thing.kind === ITEMS && thing.items.length === keys.size && keys.has("0")) {
        // a list by place: a place counts as held where it says True
        thing.items.forEach((v, n) => this.text(v) === "True" && found.add(String(n)));
        if (!thing.items.every((v) => /^(True|False)$/.test(this.text(v)))) continue;
      }
      for (let k = 0; k < thing.items.length; k += thing.kind === PAIRS ? 2 : 1) {
        for (const text of this.namesIn(thing.items[k])) if (keys.has(text)) found.add(text);
      }
      if (!found.size && thing.items.length) continue;
      const isMembers = thing.kind === MEMBERS && found.size > 0 && found.size === thing.items.length;
      if (!isMembers && !this.everHolds(name, keys, found)) continue;
      groups.push({ name: this.run.texts.text(name), hue: groups.length });
      members.push(found);
    }
    return [groups, members];
  }

  /** An empty container counts when its name says what it is for, so that colours do not change hands. */
  private everHolds(name: number, _: Set<string>, found: Set<string>): boolean {
    return (found.size > 0 && ![...found].every((key) => /^\d+$/.test(key))) || /vis|seen|done|mark|queue|stack|front|dist|came|parent|order|path|explored|open|closed|prev/i.test(this.run.texts.text(name));
  }

  private namesIn(value: V): string[] {
    const inner = isObject(value) ? this.state.things.get(objectOf(value)) : undefined;
    if (inner && inner.kind === ITEMS && inner.items.length <= 4) return inner.items.map((v) => this.text(v));
    return [this.text(value)];
  }

  private tags(keys: Set<string>): [Map<string, string[]>, V[]] {
    const held = new Map<string, string[]>();
    const values: V[] = [];
    for (const [name, value] of this.variables(this.activation)) {
      if (isObject(value)) continue;
      const text = this.text(value);
      if (!keys.has(text) || (/^\d/.test(text) && !/node|place|vertex|current|neigh|^[uvwns]$|start|goal|source|target|cur/i.test(this.run.texts.text(name)))) continue;
      held.set(text, [...(held.get(text) ?? []), this.run.texts.text(name)]);
      values.push(value);
    }
    return [held, values];
  }

  // -- linked structures ---------------------------------------------------------------------

  /** What leads from one object to the next is learnt from some moments of the run, so that it is so from the start. */
  private sample(): void {
    const [from, to] = this.run.reach(this.i);
    for (let n = 0; n <= 12; n++) {
      const state = this.run.state(Math.min(to - 1, from + Math.floor(((to - from) * n) / 12)));
      let looked = 0;
      for (const thing of state.things.values()) {
        if (thing.kind !== OBJECT || ++looked > 500) continue;
        for (let k = 0; k + 1 < thing.items.length; k += 2) {
          const held = thing.items[k + 1];
          const inner = isObject(held) ? state.things.get(objectOf(held)) : undefined;
          const first = inner?.kind === ITEMS && inner.items.length && isObject(inner.items[0]) ? state.things.get(objectOf(inner.items[0])) : inner;
          if (first?.kind === OBJECT && first.cls === thing.cls) this.facts.learn(thing.cls, unquoted(this.run.texts.atom(thing.items[k])) ?? "");
        }
      }
    }
    if (!this.facts.linkNames.size) this.facts.linkNames.set(-1, new Set());
  }

  /** Names of the attributes by which an object leads to others of its kind. */
  private linkNames(thing: Thing): [number, string][] {
    const found: [number, string][] = [];
    if (thing.kind !== OBJECT) return found;
    const known = this.facts.linkNames.get(thing.cls);
    for (let k = 0; k + 1 < thing.items.length; k += 2) {
      const name = unquoted(this.run.texts.atom(thing.items[k])) ?? "";
      const held = thing.items[k + 1];
      const inner = isObject(held) ? this.state.things.get(objectOf(held)) : undefined;
      const isKin = inner?.kind === OBJECT && inner.cls === thing.cls;
      const isNone = !isObject(held) && this.run.texts.atom(held) === "None";
      const areKin = inner?.kind === ITEMS && (inner.items.length ? inner.items.every((v) => this.isKin(v, thing)) : LINKS.has(name));
      if (isKin || areKin) this.facts.learn(thing.cls, name);
      if (isKin || areKin || known?.has(name) || (isNone && LINKS.has(name.replace(/^_+/, "")))) found.push([k, name]);
    }
    return found;
  }

  private isKin(value: V, thing: Thing): boolean {
    const inner = isObject(value) ? this.state.things.get(objectOf(value)) : undefined;
    return inner?.kind === OBJECT && inner.cls === thing.cls;
  }

  isLink(thing: Thing): boolean {
    return thing.kind === OBJECT && (this.facts.linkNames.has(thing.cls) || this.linkNames(thing).length > 0);
  }

  /** Variables that lead into linked structures, together where they are of one class and not drawn yet. */
  private linkedGroups(variables: [number, V][]): Map<number, number[]> {
    const groups = new Map<number, number[]>();
    const classes = new Map<number, number>();
    for (const [name, value] of variables) {
      const cls = this.state.things.get(objectOf(value))!.cls;
      const first = this.drawn.has(objectOf(value)) ? undefined : classes.get(cls);
      if (first !== undefined) groups.get(first)!.push(name);
      else {
        groups.set(name, [name]);
        if (!this.drawn.has(objectOf(value))) classes.set(cls, name);
      }
    }
    return groups;
  }

  private links(entries: [string, V][], row: number): Picture {
    const { nodes: objects, hidden } = this.reached(this.wholly(entries.map(([, value]) => objectOf(value))));
    const inside = new Set(objects);
    objects.forEach((object) => this.drawn.set(object, { row, text: entries[0][0] }));
    const tags = new Map<number, string[]>();
    const named = [...entries.filter(([name]) => !this.pointers.some(([other]) => other === name)), ...this.pointers];
    for (const [name, value] of named) if (name && inside.has(objectOf(value))) tags.set(objectOf(value), [...(tags.get(objectOf(value)) ?? []), name]);
    const forward = new Set<string>();
    let lists = false;
    const edges: Edge[] = [];
    const nodes = objects.map((object) => {
      const thing = this.state.things.get(object)!;
      const links = this.linkNames(thing);
      const isLink = new Set(links.map(([k]) => k));
      const below: string[] = [];
      for (const [k, name] of links) {
        const bare = name.replace(/^_+/, "");
        const held = thing.items[k + 1];
        const inner = isObject(held) ? this.state.things.get(objectOf(held)) : undefined;
        const isBack = BACKWARD.has(bare) && links.some(([, other]) => other !== name && !BACKWARD.has(other.replace(/^_+/, "")));
        if (!isBack) forward.add(name);
        if (inner?.kind === ITEMS) {
          lists = true;
          inner.items.forEach((v, n) => inside.has(objectOf(v)) && (below.push(String(objectOf(v))), edges.push({ from: String(object), to: String(objectOf(v)), label: "", changed: this.changed.has(objectOf(held), n) })));
        } else if (isObject(held) && inside.has(objectOf(held))) {
          if (!isBack) below.push(String(objectOf(held)));
          if (!isBack || !lists) edges.push({ from: String(object), to: String(objectOf(held)), label: isBack ? "~" : name, changed: this.changed.has(object, k + 1) });
        } else if (!isBack) below.push("");
      }
      return { key: String(object), object, fields: this.fields(object, thing, isLink), tags: tags.get(object) ?? [], changed: this.changed.things.has(object), below };
    });
    const shape = lists || forward.size > 1 ? "tree" : "chain";
    const kept = shape === "tree" ? edges.filter((e) => e.label !== "~") : edges;
    return { kind: "links", object: objects[0], shape, nodes: shape === "chain" ? this.inOrder(nodes) : nodes, edges: kept, hidden };
  }

  private fields(object: number, thing: Thing, links: Set<number>): LinkNode["fields"] {
    const found: LinkNode["fields"] = [];
    for (let k = 0; k + 1 < thing.items.length; k += 2) {
      if (links.has(k)) continue;
      found.push({
        name: unquoted(this.run.texts.atom(thing.items[k])) ?? "",
        text: short(this.text(thing.items[k + 1]), 12),
        changed: this.changed.has(object, k + 1),
        read: this.read.has(object, k + 1),
      });
    }
    return found.slice(0, 3);
  }

  /** Where callers hold more of the structure, all of it is shown: a recursion walks about in one picture. */
  private wholly(starts: number[]): number[] {
    const cls = this.state.things.get(starts[0])!.cls;
    for (const activation of this.state.stack()) {
      if (activation === this.activation || this.run.functionName(activation) === "<module>") continue;
      for (const [, value] of this.variables(activation)) {
        if (!isObject(value) || this.state.things.get(objectOf(value))?.cls !== cls) continue;
        const { nodes } = this.reached([objectOf(value)]);
        if (starts.some((start) => nodes.includes(start))) return [objectOf(value), ...starts];
      }
    }
    return starts;
  }

  /** Objects of a linked structure, nearest first. */
  private reached(starts: number[]): { nodes: number[]; hidden: number } {
    const seen = new Set<number>();
    const work = [...starts];
    let hidden = 0;
    for (let n = 0; n < work.length; n++) {
      if (seen.has(work[n])) continue;
      if (seen.size >= 48) {
        hidden++;
        continue;
      }
      const thing = this.state.things.get(work[n]);
      if (!thing || thing.kind !== OBJECT) continue;
      seen.add(work[n]);
      for (const [k] of this.linkNames(thing)) {
        const held = thing.items[k + 1];
        if (!isObject(held)) continue;
        const inner = this.state.things.get(objectOf(held));
        if (inner?.kind === ITEMS) work.push(...inner.items.filter((v) => this.isKin(v, thing)).map(objectOf));
        else work.push(objectOf(held));
      }
    }
    return { nodes: [...seen], hidden };
  }

  /** Nodes of a chain stay where they were when the outermost call began: links turn, boxes do not move. */
  private inOrder(nodes: LinkNode[]): LinkNode[] {
    const before = this.followed(this.atEntry(), new Set(nodes.map((n) => n.object)));
    const now = this.followed(this.state, new Set(nodes.map((n) => n.object)));
    const order = [...before];
    for (const object of now) {
      if (order.includes(object)) continue;
      const next = this.follower(this.state, object);
      const previous = [...now].find((other) => this.follower(this.state, other) === object);
      if (next !== null && order.includes(next)) order.splice(order.indexOf(next), 0, object);
      else if (previous !== undefined && order.includes(previous)) order.splice(order.indexOf(previous) + 1, 0, object);
      else order.push(object);
    }
    return [...nodes].sort((a, b) => order.indexOf(a.object) - order.indexOf(b.object));
  }

  private atEntry(): State {
    const first = this.state.stack().find((activation) => this.run.functionName(activation) !== "<module>");
    const entry = first === undefined ? -1 : this.run.entered[first];
    return entry >= 0 && entry <= this.i && this.run.has(entry) ? this.run.state(entry) : this.state;
  }

  /** Objects in the order in which the links of a state lead from one to the next. */
  private followed(state: State, wanted: Set<number>): number[] {
    const there = [...wanted].filter((object) => state.things.has(object)).sort((a, b) => a - b);
    const next = new Map(there.map((object) => [object, this.follower(state, object)]));
    const pointed = new Set([...next.values()]);
    const order: number[] = [];
    const seen = new Set<number>();
    for (const start of [...there.filter((object) => !pointed.has(object)), ...there]) {
      for (let at: number | null | undefined = start; at !== null && at !== undefined && wanted.has(at) && !seen.has(at); at = next.get(at)) {
        seen.add(at);
        order.push(at);
      }
    }
    return order;
  }

  private follower(state: State, object: number): number | null {
    const thing = state.things.get(object);
    if (!thing) return null;
    for (const [k, name] of this.linkNames(thing)) {
      if (BACKWARD.has(name.replace(/^_+/, "")) && this.linkNames(thing).length > 1) continue;
      if (isObject(thing.items[k + 1])) return objectOf(thing.items[k + 1]);
    }
    return null;
  }
}

/** Positions that are shown of so many: all, or the ends and what is near the interesting ones. */
export function chosen(size: number, limit: number, near: number[]): number[] {
  if (size <= limit) return Array.from({ length: size }, (_, k) => k);
  const kept = new Set<number>();
  const keep = (at: number) => at >= 0 && at < size && kept.size < limit && kept.add(at);
  for (let k = 0; k < 3; k++) keep(k);
  for (let k = 1; k <= 2; k++) keep(size - k);
  for (let spread = 0; spread < limit; spread++) {
    for (const at of near.length ? near : [0]) {
      keep(at + spread);
      keep(at - spread);
    }
    if (kept.size >= limit - 2) break;
  }
  return [...kept].sort((a, b) => a - b);
}

function typeOf(text: string): string {
  if (/^-?\d/.test(text) || /^-?(inf|nan)/.test(text)) return "num";
  if (/^[bu]?['"]/.test(text)) return "str";
  if (text === "None" || text === "True" || text === "False") return "word";
  return "other";
}

export { lookup };
