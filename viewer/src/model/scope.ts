// Which variables an activation sees, and what a step read and did, in words that panes show.

import type { SyntaxNode } from "@lezer/common";
import { asValue, brief, evaluate, isComparison, operatorOf, Scope, Unknown, type J } from "./evaluate";
import type { Facts } from "./facts";
import { children, isPath, rootName, selector, type Text } from "./python";
import type { Change, Run } from "./run";
import { CALL, LINE, RAISE, RETURN, type State, UNWIND, YIELD } from "./state";
import { isObject, objectOf, ofObject, type V } from "./values";

/** The variables that an activation sees: its own, those of the functions around it, the module's. */
export function scopeOf(run: Run, state: State, activation: number): Scope {
  return new Scope(state, run.texts, (name) => lookup(run, state, activation, name));
}

export function lookup(run: Run, state: State, activation: number, name: string): V | undefined {
  const number = run.texts.find(name);
  if (number < 0) return undefined;
  const own = state.frames.get(activation)?.values.get(number);
  if (own !== undefined) return own;
  const qualname = run.functionName(activation);
  const stack = state.stack();
  for (let k = stack.length - 1; k >= 0; k--) {
    if (stack[k] !== activation && qualname.startsWith(run.functionName(stack[k]) + ".")) {
      const outer = state.frames.get(stack[k])?.values.get(number);
      if (outer !== undefined) return outer;
    }
  }
  for (const space of state.globals.values()) {
    const value = space.values.get(number);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** What is marked in pictures: variables by `activation:name`, items by object and position. */
export class Touched {
  readonly names = new Set<string>();
  readonly items = new Map<number, Set<number>>();
  readonly things = new Set<number>();

  item(object: number, at: number): void {
    let items = this.items.get(object);
    if (!items) this.items.set(object, (items = new Set()));
    items.add(at);
    this.things.add(object);
  }

  has(object: number, at: number): boolean {
    return this.items.get(object)?.has(at) ?? false;
  }
}

export function changed(run: Run, i: number): Touched {
  const touched = new Touched();
  for (const change of run.changes(i)) mark(touched, change);
  return touched;
}

function mark(touched: Touched, change: Change): void {
  if (change.kind === "bind") touched.names.add(`${change.activation}:${change.name}`);
  else if (change.kind === "global") touched.names.add(`g${change.module}:${change.name}`);
  else if (change.kind === "splice") {
    touched.things.add(change.object);
    for (let k = 0; k < change.size; k++) touched.item(change.object, change.start + k);
  } else if (change.kind === "new") touched.things.add(change.object);
}

/** What the step at event `i` read, in the state in which it began. */
export function read(run: Run, facts: Facts, i: number): Touched {
  const touched = new Touched();
  if (run.kinds[i] !== LINE) return touched;
  const place = run.place(i);
  const text = facts.text(place.file);
  if (!text) return touched;
  const state = run.before(i);
  const scope = scopeOf(run, state, run.owner[i]);
  for (const node of facts.reads(place)) readPath(run, touched, text, node, scope, state, run.owner[i]);
  walked(run, facts, touched, i, scope);
  return touched;
}

function readPath(run: Run, touched: Touched, text: Text, node: SyntaxNode, scope: Scope, state: State, activation: number): void {
  const name = rootName(text, node);
  const number = run.texts.find(name);
  if (number < 0) return;
  if (state.frames.get(activation)?.values.has(number)) touched.names.add(`${activation}:${number}`);
  if (node.name !== "MemberExpression") return;
  const { holder, keys, isSlice, attribute } = selector(node);
  if (holder.name === "MemberExpression") readPath(run, touched, text, holder, scope, state, activation);
  const held = quietly(() => evaluate(text, holder, scope));
  if (held === undefined) return;
  if (typeof held === "string" && !isSlice && keys.length === 1) {
    const at = quietly(() => evaluate(text, keys[0], scope));
    const value = lookup(run, state, activation, name);
    if (typeof at === "number" && value !== undefined && !isObject(value)) touched.item(-1 - value, at < 0 ? at + held.length : at);
    return;
  }
  const v = held !== null && typeof held === "object" && !Array.isArray(held) ? held.value : -1;
  const thing = v >= 0 && isObject(v) ? state.things.get(objectOf(v)) : undefined;
  if (!thing || isSlice) return;
  const key: J | undefined = attribute ? text.of(attribute) : keys.length === 1 ? quietly(() => evaluate(text, keys[0], scope)) : undefined;
  if (key === undefined) return;
  if (thing.kind === 0) {
    if (typeof key === "number") touched.item(objectOf(v), key < 0 ? key + thing.items.length : key);
  } else {
    for (let k = 0; k + 1 < thing.items.length; k += 2) {
      if (quietly(() => scope.equal(scope.read(thing.items[k]), key))) touched.item(objectOf(v), k + 1);
    }
  }
}

/** `for x in xs`: the item that this turn takes. */
function walked(run: Run, facts: Facts, touched: Touched, i: number, scope: Scope): void {
  const place = run.place(i);
  if (place.kind !== "for" || run.taken(i) !== true) return;
  const text = facts.text(place.file)!;
  const iterable = facts.expressions(place)[0];
  if (!iterable || !isPath(iterable)) return;
  const held = quietly(() => evaluate(text, iterable, scope));
  if (held === null || typeof held !== "object" || Array.isArray(held) || !isObject(held.value)) return;
  let turn = 0;
  for (let k = run.previousOwn[i]; k >= 0; k = run.previousOwn[k]) {
    const other = run.place(k);
    if (other.id === place.id) turn++;
    else if (!other.loops.includes(place.id)) break;
  }
  const thing = scope.state.things.get(objectOf(held.value));
  if (thing?.kind === 0 && turn < thing.items.length) touched.item(objectOf(held.value), turn);
}

export function quietly<T>(of: () => T): T | undefined {
  try {
    return of();
  } catch (error) {
    if (error instanceof Unknown || error instanceof RangeError) return undefined;
    throw error;
  }
}

/** One test with the values in place of its operands: `3 == 4`. Empty where none can be told. */
export function spelt(text: Text, node: SyntaxNode, scope: Scope): string {
  const told = spell(text, node, scope, true);
  return told === text.of(node) ? "" : told;
}

function spell(text: Text, node: SyntaxNode, scope: Scope, top = false): string {
  const logical = node.name === "BinaryExpression" && (isComparison(operatorOf(text, node)) || /^(and|or)$/.test(operatorOf(text, node)));
  const isNot = node.name === "UnaryExpression" && text.of(node).startsWith("not");
  if (!(top && (logical || isNot)) && !logical && !isNot) {
    const value = quietly(() => evaluate(text, node, scope));
    if (value !== undefined) {
      const written = scope.text(value);
      if (written.length <= 20 && !written.startsWith("<")) return written;
    }
  }
  if (!logical && !isNot) return text.of(node);
  if (isNot) return `not ${spell(text, node.lastChild!, scope, true)}`;
  const [first, ...rest] = children(node);
  const operator = operatorOf(text, node);
  const left = spell(text, first, scope);
  if (operator === "and" || operator === "or") {
    const value = quietly(() => evaluate(text, first, scope));
    if (value !== undefined && isFalse(value) === (operator === "and")) return left;
  }
  return `${left} ${operator} ${spell(text, rest[rest.length - 1], scope)}`;
}

const isFalse = (value: J): boolean => value === false || value === null || value === 0 || value === "";

/** The parts of the caption of a step. */
export interface Caption {
  kind: string;
  line: number;
  subject: string;
  detail: string;
  outcome: string;
}

export function caption(run: Run, facts: Facts, i: number): Caption {
  const place = run.place(i);
  const state = run.state(i);
  const made: Caption = { kind: "", line: place.line, subject: "", detail: "", outcome: "" };
  const kind = run.kinds[i];
  const name = run.functionName(run.owner[i]);
  const value = run.value(i);
  const shown = value === undefined ? "None" : short(brief(run.texts, state, value));
  if (kind === CALL) return { ...made, kind: "call", subject: name, detail: args(run, state, run.owner[i]) };
  if (kind === RETURN) return { ...made, kind: "return", subject: name, detail: shown, outcome: changesText(run, i, state) };
  if (kind === YIELD) return { ...made, kind: "yield", subject: name, detail: shown };
  if (kind === RAISE || kind === UNWIND) return { ...made, kind: kind === RAISE ? "raise" : "unwind", subject: name, detail: shown };
  if (kind !== LINE) return { ...made, kind: "resume", subject: name };
  const text = facts.text(place.file);
  const test = facts.test(place);
  const taken = run.taken(i);
  if (text && test) {
    const scope = scopeOf(run, run.before(i), run.owner[i]);
    return { ...made, kind: "test", subject: text.of(test), detail: spelt(text, test, scope), outcome: taken === null ? "" : taken ? "True" : "False" };
  }
  const told = changesText(run, i, state);
  if (place.kind === "for") return { ...made, kind: taken === false ? "exhausted" : "turn", detail: told };
  return { ...made, kind: told ? "change" : "line", detail: told };
}

/** The variables of an activation as its call began: `xs=[1, 2], n=3`; bare without names and `self`. */
export function args(run: Run, state: State, activation: number, bare = false): string {
  const all = [...(state.frames.get(activation)?.values ?? new Map<number, V>())].map(([name, value]) => [run.texts.text(name), value] as [string, V]);
  const names = bare ? all.filter(([name]) => name !== "self" && name !== "cls") : all;
  const shown = names.slice(0, 4).map(([name, value]) => (bare ? folded(brief(run.texts, state, value)) : `${name}=${short(brief(run.texts, state, value), 24)}`));
  return shown.join(", ") + (names.length > 4 ? ", …" : "");
}

/** A long container as its brackets, so that what is short beside it can be read. */
function folded(text: string): string {
  if (text.length <= 16) return text;
  const ends = /^([[({])[\s\S]*([\])}])$/.exec(text);
  return ends ? `${ends[1]}${short(text.slice(1, -1), 10)}${ends[2]}` : short(text, 16);
}

export function short(text: string, limit = 60): string {
  return text.length > limit ? text.slice(0, limit - 1) + "…" : text;
}

/** What a step stored, as text: `mid = 2, xs[1] = 4`. */
export function changesText(run: Run, i: number, state: State): string {
  const told: string[] = [];
  for (const change of run.changes(i)) {
    if (change.kind === "bind" || change.kind === "global") {
      told.push(`${run.texts.text(change.name)} = ${short(brief(run.texts, state, change.value), 40)}`);
    } else if (change.kind === "splice") {
      const path = pathTo(run, state, run.owner[i], change.object);
      const thing = state.things.get(change.object);
      if (!path || !thing) continue;
      if (thing.kind === 0 && change.size === 1 && change.removed === 1) {
        told.push(`${path}[${change.start}] = ${short(brief(run.texts, state, thing.items[change.start]), 40)}`);
      } else if (thing.kind >= 2 && change.size === 1 && change.start % 2 === 1) {
        const key = run.texts.atom(thing.items[change.start - 1]);
        const step = thing.kind === 2 ? `[${key}]` : `.${key.slice(1, -1)}`;
        told.push(`${path}${step} = ${short(brief(run.texts, state, thing.items[change.start]), 40)}`);
      } else told.push(`${path} = ${short(brief(run.texts, state, ofObject(change.object)), 40)}`);
    }
  }
  return [...new Set(told)].slice(0, 4).join(",  ");
}

/** The shortest path from a variable to an object, at most three steps long. */
export function pathTo(run: Run, state: State, activation: number, object: number): string {
  const stack = [...state.stack()].reverse();
  const owners = [activation, ...stack.filter((a) => a !== activation)];
  let level: [string, V][] = [];
  for (const owner of owners) state.frames.get(owner)?.values.forEach((value, name) => level.push([run.texts.text(name), value]));
  for (const space of state.globals.values()) space.values.forEach((value, name) => level.push([run.texts.text(name), value]));
  const seen = new Set<number>();
  for (let depth = 0; depth < 4 && level.length; depth++) {
    const next: [string, V][] = [];
    for (const [path, value] of level) {
      if (!isObject(value)) continue;
      const number = objectOf(value);
      if (number === object) return path;
      if (seen.has(number) || seen.size > 2000) continue;
      seen.add(number);
      const thing = state.things.get(number);
      thing?.items.forEach((item, k) => {
        if (!isObject(item)) return;
        if (thing.kind === 0) next.push([`${path}[${k}]`, item]);
        else if (k % 2 === 1) {
          const key = run.texts.atom(thing.items[k - 1]);
          next.push([thing.kind === 2 ? `${path}[${key}]` : `${path}.${key.slice(1, -1)}`, item]);
        }
      });
    }
    level = next;
  }
  return "";
}

export function valueOf(of: J, scope: Scope): V {
  return asValue(of, scope);
}
