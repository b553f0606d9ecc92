// Where a value came from: back over recorded stores, returned values and arguments, one step at a time.

import { evaluate, brief } from "./evaluate";
import type { Facts } from "./facts";
import { rootName, selector, type Text } from "./python";
import type { SyntaxNode } from "@lezer/common";
import type { Run } from "./run";
import { quietly, scopeOf, short } from "./scope";
import { CALL, LINE, RETURN } from "./state";
import { isObject, objectOf } from "./values";

export interface Link {
  event: number;
  line: number;
  /** stored, passed, returned, decided */
  because: string;
  name: string;
  value: string;
}

/** What is asked for: a variable of an activation, or an item of an object. */
interface Question {
  before: number;
  activation: number;
  name: number;
  object: number;
  item: number;
  label: string;
}

const LONGEST = 10;

/** The chain behind a variable as it is once event `i` is over. */
export function why(run: Run, facts: Facts, i: number, activation: number, name: string, item: { object: number; at: number } | null = null): Link[] {
  const number = run.texts.find(name);
  const found = new Map<number, Link>();
  const work: Question[] = [{ before: i + 1, activation, name: number, object: item?.object ?? -1, item: item?.at ?? -1, label: item ? `${name}[${item.at}]` : name }];
  for (let n = 0; n < work.length && found.size < LONGEST; n++) {
    const link = born(run, work[n]);
    if (!link || found.has(link.event)) continue;
    found.set(link.event, link);
    work.push(...followUps(run, facts, link, work[n]));
  }
  return [...found.values()].sort((a, b) => b.event - a.event);
}

/** The last event that stored what is asked for. */
function born(run: Run, asked: Question): Link | null {
  const [from] = run.reach(Math.max(0, asked.before - 1));
  for (let k = asked.before - 1; k >= from; k--) {
    for (const change of run.changes(k)) {
      if (asked.object >= 0) {
        if (change.kind === "splice" && change.object === asked.object && covers(change, asked.item)) return told(run, k, asked, "stored");
        if (change.kind === "new" && change.object === asked.object) return told(run, k, asked, run.kinds[k] === CALL ? "passed" : "stored");
      } else if (change.kind === "bind" && change.activation === asked.activation && change.name === asked.name) {
        return told(run, k, asked, run.kinds[k] === CALL ? "passed" : "stored");
      } else if (change.kind === "global" && change.name === asked.name && run.functionName(asked.activation) === "<module>") {
        return told(run, k, asked, "stored");
      }
    }
  }
  return null;
}

function covers(change: { start: number; size: number; removed: number }, at: number): boolean {
  if (at < 0) return true;
  return change.size === change.removed ? at >= change.start && at < change.start + change.size : at >= change.start;
}

function told(run: Run, event: number, asked: Question, because: string): Link {
  const state = run.state(event);
  let value = state.frames.get(asked.activation)?.values.get(asked.name);
  if (value === undefined) for (const space of state.globals.values()) value ??= space.values.get(asked.name);
  if (asked.object >= 0) {
    const thing = state.things.get(asked.object);
    value = asked.item >= 0 ? thing?.items[asked.item] : 3 * asked.object + 2;
  }
  return { event, line: lineOf(run, event, asked.activation), because, name: asked.label, value: value === undefined ? "" : short(brief(run.texts, state, value), 50) };
}

/** The line of the statement that was being executed: of a value bound after a call, the caller's. */
function lineOf(run: Run, event: number, activation: number): number {
  return run.place(stepOf(run, event, activation)).line;
}

function stepOf(run: Run, event: number, activation: number): number {
  if (run.owner[event] === activation || run.kinds[event] !== RETURN) return event;
  for (let k = event; k >= 0; k--) if (run.owner[k] === activation) return k;
  return event;
}

function followUps(run: Run, facts: Facts, link: Link, asked: Question): Question[] {
  const made: Question[] = [];
  if (link.because === "passed") {
    const caller = run.parent[run.owner[link.event]];
    const step = caller >= 0 ? callerStep(run, link.event, caller) : -1;
    if (step >= 0) made.push(...readsOf(run, facts, step, caller));
    return made;
  }
  const step = stepOf(run, link.event, asked.activation);
  if (run.kinds[step] === LINE) made.push(...readsOf(run, facts, step, run.owner[step]));
  if (run.kinds[link.event] === RETURN && run.owner[link.event] !== asked.activation) {
    const callee = run.owner[link.event];
    let last = run.previousOwn[link.event];
    while (last >= 0 && run.kinds[last] !== LINE) last = run.previousOwn[last];
    if (last >= 0) made.unshift(...readsOf(run, facts, last, callee));
  }
  return made;
}

function callerStep(run: Run, event: number, caller: number): number {
  for (let k = event; k >= 0; k--) if (run.owner[k] === caller && run.kinds[k] === LINE) return k;
  return -1;
}

/** What a step read, as questions about the moment before it. */
function readsOf(run: Run, facts: Facts, step: number, activation: number): Question[] {
  const place = run.place(step);
  const text = facts.text(place.file);
  if (!text || !run.has(step) || step === 0) return [];
  const scope = scopeOf(run, run.before(step), activation);
  const made: Question[] = [];
  for (const node of facts.reads(place)) {
    const name = rootName(text, node);
    const base = { before: step, activation, name: run.texts.find(name) };
    if (base.name < 0) continue;
    const item = node.name === "MemberExpression" ? itemOf(text, node, scope) : null;
    made.push({ ...base, object: item?.object ?? -1, item: item?.at ?? -1, label: item ? `${text.of(selector(node).holder)}[${item.at}]` : name });
  }
  return made.slice(0, 6);
}

function itemOf(text: Text, node: SyntaxNode, scope: ReturnType<typeof scopeOf>): { object: number; at: number } | null {
  const { holder, keys, isSlice } = selector(node);
  if (isSlice || keys.length !== 1) return null;
  const held = quietly(() => evaluate(text, holder, scope));
  const key = quietly(() => evaluate(text, keys[0], scope));
  if (typeof key !== "number" || held === undefined || held === null || typeof held !== "object" || Array.isArray(held) || !isObject(held.value)) return null;
  const thing = scope.state.things.get(objectOf(held.value));
  return thing?.kind === 0 ? { object: objectOf(held.value), at: key < 0 ? key + thing.items.length : key } : null;
}
