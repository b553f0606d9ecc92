// What the source says of each place: what it reads, which variables count positions, what is used as a heap.

import type { SyntaxNode } from "@lezer/common";
import { children, headerParts, isPath, paths, rootName, selector, sides, Text } from "./python";
import type { Place, Run } from "./run";

/** A mark under a picture: an expression that selects from a container (`mid`, `i - 1`). */
export interface Index {
  /** the container's path as source, such as `xs`, `self.items` or `table[i]` */
  holder: string;
  text: string;
  /** 0: an index of the container itself; 1: of a row inside it */
  axis: number;
}

export interface FunctionFacts {
  indexes: Index[];
  heaps: Set<string>;
  /** variables that a string or list is walked along by */
  strings: Set<string>;
}

export class Facts {
  private readonly texts: (Text | null)[];
  private readonly nodes = new Map<number, SyntaxNode | null>();
  private readonly known = new Map<number, FunctionFacts>();
  /** by class: attributes that lead to objects of the same class, as far as the run showed any */
  readonly linkNames = new Map<number, Set<string>>();

  constructor(private readonly run: Run) {
    this.texts = run.whole.files.map(([, lines]) => new Text(lines.join("\n") + "\n"));
  }

  learn(cls: number, name: string): void {
    const names = this.linkNames.get(cls);
    if (names) names.add(name);
    else this.linkNames.set(cls, new Set([name]));
  }

  text(file: number): Text | null {
    return this.texts[file] ?? null;
  }

  node(place: Place): SyntaxNode | null {
    let node = this.nodes.get(place.id);
    if (node === undefined) {
      node = this.texts[place.file]?.statement(place.line, place.column) ?? null;
      this.nodes.set(place.id, node);
    }
    return node;
  }

  /** The expressions that a step of this place evaluates. */
  expressions(place: Place): SyntaxNode[] {
    const text = this.texts[place.file];
    const node = this.node(place);
    if (!text || !node) return [];
    if (["IfStatement", "WhileStatement", "ForStatement", "WithStatement"].includes(node.name)) {
      const parts = headerParts(text, node, place.line);
      return node.name === "ForStatement" ? parts.slice(-1) : parts;
    }
    if (node.name === "AssignStatement" || node.name === "UpdateStatement") {
      const [targets, values] = sides(node);
      const keys = targets.flatMap((target) => targetKeys(target));
      return [...values, ...(node.name === "UpdateStatement" ? targets : []), ...keys];
    }
    if (/Function|Class|Decorated|Import|Scope/.test(node.name)) return [];
    return children(node).slice(node.name === "ExpressionStatement" ? 0 : 1);
  }

  /** Paths that a step reads, as syntax. */
  reads(place: Place): SyntaxNode[] {
    return this.expressions(place).flatMap((node) => paths(node));
  }

  test(place: Place): SyntaxNode | null {
    const node = this.node(place);
    const text = this.texts[place.file];
    if (!node || !text || !["IfStatement", "WhileStatement", "AssertStatement"].includes(node.name)) return null;
    return this.expressions(place)[0] ?? null;
  }

  of(fn: number): FunctionFacts {
    let facts = this.known.get(fn);
    if (!facts) {
      const places = this.run.places.filter((p) => p.fn === fn && p.kind !== "log" && p.kind !== "enter");
      facts = gathered(this, places);
      this.known.set(fn, facts);
    }
    return facts;
  }
}

function targetKeys(target: SyntaxNode): SyntaxNode[] {
  const keys: SyntaxNode[] = [];
  for (let node: SyntaxNode | null = target; node && node.name === "MemberExpression"; node = node.firstChild) keys.push(...selector(node).keys);
  return keys;
}

function gathered(facts: Facts, places: Place[]): FunctionFacts {
  const made: FunctionFacts = { indexes: [], heaps: new Set(), strings: new Set() };
  const found = new Map<string, Index>();
  const subscripts: [string, SyntaxNode, number, Text][] = [];
  const born = new Map<string, [SyntaxNode, Text][]>();
  for (const place of places) {
    const text = facts.text(place.file);
    const node = facts.node(place);
    if (!text || !node) continue;
    const header = /^(If|While|For|With)Statement$/.test(node.name) ? headerParts(text, node, place.line) : [node];
    if (!/^(Function|Class|Decorated|Try)/.test(node.name)) header.forEach((part) => walk(part, text, subscripts, made));
    if (node.name === "AssignStatement") bindings(node, text, born);
    if (node.name === "ForStatement") looped(node, text, place, born, found, made);
  }
  for (const [holder, key, axis, text] of subscripts) subscripted(found, holder, key, axis, text);
  for (const index of [...found.values()]) sources(index, born, found, new Set([index.text]));
  const isLength = (name: string) => (born.get(name) ?? []).length > 0 && born.get(name)!.every(([value, text]) => /^len\(/.test(text.of(value)));
  made.indexes = plainFirst([...found.values()].filter((index) => !isLength(index.text)));
  if (made.indexes.some((x) => heapLike(places, facts))) for (const index of made.indexes) if (index.axis === 0) made.heaps.add(index.holder);
  return made;
}

function walk(node: SyntaxNode, text: Text, subscripts: [string, SyntaxNode, number, Text][], made: FunctionFacts): void {
  if (node.name === "Body" || node.name === "LambdaExpression" || /Comprehension/.test(node.name)) return;
  if (node.name === "MemberExpression") {
    const { holder, keys, attribute } = selector(node);
    if (!attribute && isPath(holder)) {
      const isRow = holder.name === "MemberExpression" && !selector(holder).attribute;
      const base = isRow ? selector(holder).holder : holder;
      keys.forEach((key) => subscripts.push([text.of(base), key, isRow ? 1 : 0, text]));
    }
  }
  if (node.name === "CallExpression") {
    const callee = text.of(node.firstChild!);
    if (/(^|\.)(heappush|heappop|heapify|heapreplace|heappushpop)$/.test(callee)) {
      const first = children(children(node)[1])[1];
      if (first && isPath(first)) made.heaps.add(text.of(first));
    }
  }
  for (const child of children(node)) walk(child, text, subscripts, made);
}

/** `xs[mid]`, `xs[j - 1]`, `xs[low:high]`: short keys made of names and numbers count positions. */
function subscripted(found: Map<string, Index>, holder: string, key: SyntaxNode, axis: number, text: Text): void {
  const source = text.of(key);
  if (!/^[A-Za-z_]\w*( ?[-+] ?(\w+))?$/.test(source)) return;
  add(found, { holder, text: source, axis });
}

function add(found: Map<string, Index>, index: Index): boolean {
  const key = `${index.holder}|${index.axis}|${index.text.replace(/ /g, "")}`;
  if (found.has(key)) return false;
  found.set(key, index);
  return true;
}

function bindings(node: SyntaxNode, text: Text, born: Map<string, [SyntaxNode, Text][]>): void {
  const [targets, values] = sides(node);
  if (targets.length !== values.length) return;
  targets.forEach((target, n) => {
    if (target.name !== "VariableName") return;
    const name = text.of(target);
    born.set(name, [...(born.get(name) ?? []), [values[n], text]]);
  });
}

function looped(node: SyntaxNode, text: Text, place: Place, born: Map<string, [SyntaxNode, Text][]>, found: Map<string, Index>, made: FunctionFacts): void {
  const parts = headerParts(text, node, place.line);
  const iterable = parts[parts.length - 1];
  const target = parts[0];
  if (!iterable || iterable.name !== "CallExpression" || target.name !== "VariableName") return;
  const name = text.of(iterable.firstChild!);
  const list = children(children(iterable)[1]).slice(1, -1).filter((p) => p.name !== ",");
  if (name === "enumerate" && list[0] && isPath(list[0])) {
    add(found, { holder: text.of(list[0]), text: text.of(target), axis: 0 });
    made.strings.add(text.of(list[0]));
  }
  if (name === "range") {
    const bounds = list.length > 1 ? list.slice(0, 2) : list;
    const known = born.get(text.of(target)) ?? [];
    born.set(text.of(target), [...known, ...bounds.map((bound) => [bound, text] as [SyntaxNode, Text])]);
  }
}

/** What an index was made of, by plain arithmetic on names, counts positions of the same container. */
function sources(index: Index, born: Map<string, [SyntaxNode, Text][]>, found: Map<string, Index>, seen: Set<string>): void {
  for (const name of index.text.match(/[A-Za-z_]\w*/g) ?? []) {
    for (const [value, text] of born.get(name) ?? []) {
      if (!isArithmetic(value)) continue;
      for (const node of paths(value)) {
        const source = text.of(node);
        if (node.name !== "VariableName" || seen.has(source)) continue;
        seen.add(source);
        const next = { holder: index.holder, text: source, axis: index.axis };
        const made = (born.get(source) ?? []).map(([v, t]) => t.of(v));
        if (made.length && made.every((v) => /^len\(/.test(v))) continue;
        if (add(found, next)) sources(next, born, found, seen);
      }
    }
  }
}

function isArithmetic(node: SyntaxNode): boolean {
  if (node.name === "VariableName" || node.name === "Number") return true;
  if (node.name === "BinaryExpression" || node.name === "ParenthesizedExpression" || node.name === "UnaryExpression") {
    return children(node).every((part) => /Op$|^[()]$|^not$/.test(part.name) || isArithmetic(part));
  }
  if (node.name === "CallExpression") return false;
  return false;
}

/** Where a variable selects by itself, `i - 1` beside it is only noise under the picture. */
function plainFirst(indexes: Index[]): Index[] {
  const plain = new Set(indexes.filter((x) => /^\w+$/.test(x.text)).map((x) => `${x.holder}|${x.axis}|${x.text}`));
  return indexes.filter((x) => {
    const name = /^[A-Za-z_]\w*/.exec(x.text)?.[0] ?? "";
    return x.text === name || !plain.has(`${x.holder}|${x.axis}|${name}`);
  });
}

/** Children at 2i + 1 and a parent at (i - 1) // 2: the list is a heap. */
function heapLike(places: Place[], facts: Facts): boolean {
  return places.some((place) => {
    const text = facts.text(place.file);
    const node = facts.node(place);
    if (!text || !node || node.name !== "AssignStatement") return false;
    const source = text.of(node).replace(/\s/g, "");
    return /2\*\(?\w+\)?\+1|\w+\*2\+1|\(\w+-1\)\/\/2|\(\w+-1\)>>1|<<1\|1/.test(source);
  });
}

export function root(text: Text, node: SyntaxNode): string {
  return rootName(text, node);
}
