// Questions to a run, in the grammar of docs/query.md, answered from the page alone.

import type { SyntaxNode } from "@lezer/common";
import { asValue, evaluate, literal, truth, type J, type Scope } from "./evaluate";
import type { Facts } from "./facts";
import { Text } from "./python";
import type { Run } from "./run";
import { args, pathTo, quietly, scopeOf, short } from "./scope";
import { CALL, LINE } from "./state";
import { why } from "./why";

export interface Hit {
  event: number;
  line: number;
  text: string;
}

export interface Answer {
  hits: Hit[];
  count: number;
  /** a label of the catalogue that says what is wrong with the question */
  problem: string;
}

const MOST = 300;
/** events that one question looks at */
const LOOKS = 200_000;

interface Asked {
  run: Run;
  facts: Facts;
  at: number;
  within: string;
}

/** `at` is the event that the page shows: where `why` is meant, and around what the run can be looked at. */
export function query(run: Run, facts: Facts, question: string, at: number): Answer {
  let text = question.trim();
  const inside = /^(.*) in ([\w.]+)$/.exec(text);
  let within = "";
  if (inside && run.whole.functions.some(([name]) => name === inside[2] || name.endsWith("." + inside[2]))) [text, within] = [inside[1], inside[2]];
  const asked: Asked = { run, facts, at, within };
  let match: RegExpExecArray | null;
  if ((match = /^at step (\d+)$/.exec(text))) return atStep(run, Number(match[1]));
  if ((match = /^max depth(?: of ([\w.]+))?$/.exec(text))) return maxDepth(run, match[1] ?? "");
  if ((match = /^(count|first|last|every) line (?:\S+:)?(\d+)$/.exec(text))) return atLine(asked, match[1], Number(match[2]));
  if ((match = /^(?:count )?calls to ([\w.]+)(?: where (.+))?$/.exec(text))) return calls(asked, match[1], match[2] ?? "", text.startsWith("count"));
  if ((match = /^when (.+) changes$/.exec(text))) return when(asked, match[1]);
  if ((match = /^writes to (.+)$/.exec(text))) return writes(asked, match[1]);
  if ((match = /^why (.+?)(?: at step (\d+))?$/.exec(text))) return because(asked, match[1], match[2] ? Number(match[2]) : at);
  if ((match = /^(first|last|every|count) (.+)$/.exec(text))) return condition(asked, match[1], match[2]);
  return nothing(text ? "search.unknown" : "");
}

const nothing = (problem: string): Answer => ({ hits: [], count: 0, problem });

function collected(hits: Hit[], mode = "every"): Answer {
  const kept = mode === "first" ? hits.slice(0, 1) : mode === "last" ? hits.slice(-1) : hits;
  return { hits: kept.slice(0, MOST), count: mode === "every" || mode === "count" ? hits.length : kept.length, problem: "" };
}

function atStep(run: Run, step: number): Answer {
  if (step >= run.count) return nothing("search.range");
  return collected([{ event: step, line: run.place(step).line, text: run.functionName(run.owner[step]) }]);
}

function maxDepth(run: Run, name: string): Answer {
  let best = -1;
  let deepest = 0;
  const open = new Map<number, number>();
  for (let i = 0; i < run.count; i++) {
    if (run.kinds[i] !== CALL) continue;
    const activation = run.owner[i];
    const above = run.parent[activation];
    const counts = !name || isNamed(run.functionName(activation), name);
    const depth = (above >= 0 ? (open.get(above) ?? 0) : 0) + (counts ? 1 : 0);
    open.set(activation, depth);
    if (counts && depth > deepest) [deepest, best] = [depth, i];
  }
  return best < 0 ? nothing("search.none") : { hits: [{ event: best, line: run.place(best).line, text: String(deepest) }], count: deepest, problem: "" };
}

const isNamed = (qualname: string, name: string): boolean => qualname === name || qualname.endsWith("." + name);

function atLine({ run, within }: Asked, mode: string, line: number): Answer {
  const hits: Hit[] = [];
  for (let i = 0; i < run.count; i++) {
    const place = run.place(i);
    if (run.kinds[i] !== LINE || line < place.line || line > place.end) continue;
    if (within && !isNamed(run.functionName(run.owner[i]), within)) continue;
    hits.push({ event: i, line: place.line, text: run.functionName(run.owner[i]) });
  }
  return collected(hits, mode);
}

function parsed(source: string): [Text, SyntaxNode] | null {
  const text = new Text(source);
  const node = text.tree.topNode.firstChild?.firstChild ?? null;
  const whole = node && node.to - node.from === source.trim().length && text.tree.topNode.firstChild!.name === "ExpressionStatement";
  return node && whole ? [text, node] : null;
}

/** Steps with the state after each, within reach; `of` gives a hit or nothing. */
function steps(asked: Asked, of: (i: number, scope: Scope) => Hit | null): Hit[] {
  const { run, at, within } = asked;
  const [from, to] = run.reach(at);
  const hits: Hit[] = [];
  for (let i = from; i < to && i - from < LOOKS; i++) {
    if (within && !isNamed(run.functionName(run.owner[i]), within)) continue;
    if (!run.changes(i).length) continue;
    const hit = of(i, scopeOf(run, run.state(i), run.owner[i]));
    if (hit) hits.push(hit);
  }
  return hits;
}

function condition(asked: Asked, mode: string, source: string): Answer {
  const found = parsed(source);
  if (!found) return nothing("search.unknown");
  const [text, node] = found;
  const hits = steps(asked, (i, scope) => {
    const value = quietly(() => evaluate(text, node, scope));
    if (value === undefined || !quietly(() => truth(value, scope))) return null;
    const left = node.name === "BinaryExpression" ? node.firstChild! : node;
    const shown = quietly(() => scope.text(evaluate(text, left, scope))) ?? "";
    return { event: i, line: asked.run.place(i).line, text: `${text.of(left)} = ${short(shown, 60)}` };
  });
  return collected(hits, mode);
}

function when(asked: Asked, source: string): Answer {
  const found = parsed(source);
  if (!found) return nothing("search.unknown");
  const [text, node] = found;
  const before = new Map<number, string>();
  const hits = steps(asked, (i, scope) => {
    const owner = asked.run.owner[i];
    const value: J | undefined = quietly(() => evaluate(text, node, scope));
    if (value === undefined) return null;
    const shown = literal(asked.run.texts, scope.state, asValue(value, scope));
    if (before.get(owner) === shown) return null;
    before.set(owner, shown);
    return { event: i, line: asked.run.place(i).line, text: `${source} = ${short(shown, 60)}` };
  });
  return collected(hits);
}

/** Stores to a variable, or to an item or attribute that is reached by a path. */
function writes(asked: Asked, source: string): Answer {
  const { run } = asked;
  const spaces = source.replace(/\s/g, "");
  const hits = steps(asked, (i, scope) => {
    for (const change of run.changes(i)) {
      if ((change.kind === "bind" || change.kind === "global") && run.texts.text(change.name) === spaces) {
        return { event: i, line: run.place(i).line, text: `${spaces} = ${short(literal(run.texts, scope.state, change.value), 60)}` };
      }
      if (change.kind !== "splice") continue;
      const path = pathTo(run, scope.state, run.owner[i], change.object);
      const thing = scope.state.things.get(change.object);
      if (!path || !thing) continue;
      for (let k = change.start; k < change.start + change.size; k++) {
        const key = thing.kind === 0 ? `[${k}]` : thing.kind === 2 && k % 2 ? `[${run.texts.atom(thing.items[k - 1])}]` : k % 2 ? `.${run.texts.atom(thing.items[k - 1]).slice(1, -1)}` : "";
        if (key && path + key === spaces) return { event: i, line: run.place(i).line, text: `${spaces} = ${short(literal(run.texts, scope.state, thing.items[k]), 60)}` };
      }
      if (path === spaces) return { event: i, line: run.place(i).line, text: `${spaces} = ${short(literal(run.texts, scope.state, 3 * change.object + 2), 60)}` };
    }
    return null;
  });
  return collected(hits);
}

function calls(asked: Asked, name: string, where: string, onlyCount: boolean): Answer {
  const { run, at } = asked;
  const found = where ? parsed(where) : null;
  if (where && !found) return nothing("search.unknown");
  const [from, to] = run.reach(at);
  const hits: Hit[] = [];
  for (let i = where ? from : 0; i < (where ? to : run.count); i++) {
    if (run.kinds[i] !== CALL || !isNamed(run.functionName(run.owner[i]), name)) continue;
    const known = run.has(i);
    if (found && known) {
      const scope = scopeOf(run, run.state(i), run.owner[i]);
      const value = quietly(() => evaluate(found[0], found[1], scope));
      if (value === undefined || !quietly(() => truth(value, scope))) continue;
    }
    hits.push({ event: i, line: run.place(i).line, text: known && hits.length < MOST ? `${name}(${args(run, run.state(i), run.owner[i])})` : name });
  }
  return collected(hits, onlyCount ? "count" : "every");
}

function because({ run, facts }: Asked, source: string, step: number): Answer {
  if (step >= run.count || !run.has(step)) return nothing("search.range");
  const path = /^([A-Za-z_]\w*)(?:\[(\d+)\])?$/.exec(source.trim());
  if (!path) return nothing("search.unknown");
  const state = run.state(step);
  const value = state.frames.get(run.owner[step])?.values.get(run.texts.find(path[1]));
  const item = path[2] && value !== undefined && value % 3 === 2 ? { object: (value - 2) / 3, at: Number(path[2]) } : null;
  const chain = why(run, facts, step, run.owner[step], path[1], item);
  return { hits: chain.map((link) => ({ event: link.event, line: link.line, text: `${link.name} = ${link.value}` })), count: chain.length, problem: chain.length ? "" : "search.none" };
}
