// The loop around a step, folded to its turns: what its variables were when each turn was over.

import { brief } from "./evaluate";
import { chosen } from "./scene";
import type { Run } from "./run";
import { short } from "./scope";
import { LINE } from "./state";

export interface Turn {
  number: number;
  event: number;
  values: string[];
  current: boolean;
  changed: boolean[];
}

export interface Turns {
  line: number;
  names: string[];
  turns: (Turn | { skipped: number })[];
  count: number;
}

const SHOWN = 8;
const COLUMNS = 7;

/** The execution of the innermost loop around event `i` (or of the loop whose header it is). */
export function turns(run: Run, i: number): Turns | null {
  const activation = run.owner[i];
  let step = i;
  while (step >= 0 && run.kinds[step] !== LINE) step = run.previousOwn[step];
  if (step < 0) return null;
  const place = run.place(step);
  const header = place.kind === "for" || place.kind === "while" ? place.id : place.loops[place.loops.length - 1];
  if (header === undefined) return null;
  const inside = (k: number) => run.at[k] === header || run.place(k).loops.includes(header) || run.kinds[k] !== LINE;
  let first = step;
  while (run.previousOwn[first] >= 0 && inside(run.previousOwn[first])) first = run.previousOwn[first];
  const starts: number[] = [];
  let last = first;
  for (let k = first; k >= 0 && inside(k); k = run.nextOwn[k]) {
    if (run.at[k] === header && run.kinds[k] === LINE && run.taken(k) === true) starts.push(k);
    last = k;
  }
  if (!starts.length || !run.has(starts[0]) || !run.has(last)) return null;
  const names = changing(run, starts, last, activation);
  let now = -1;
  starts.forEach((k, n) => k <= i && (now = n));
  const shown = starts.length <= SHOWN ? chosen(starts.length, SHOWN, []) : chosen(starts.length, SHOWN, [Math.max(0, now)]);
  const rows: Turns["turns"] = [];
  let before = -1;
  let told: string[] = [];
  for (const n of shown) {
    if (n > before + 1) rows.push({ skipped: n - before - 1 });
    const end = n + 1 < starts.length ? ended(run, starts[n], starts[n + 1]) : ended(run, starts[n], last + 1);
    const state = run.state(end);
    const values = names.map((name) => {
      const value = state.frames.get(activation)?.values.get(name) ?? globalOf(run, end, name);
      return value === undefined ? "" : short(brief(run.texts, state, value), 26);
    });
    rows.push({ number: n + 1, event: starts[n], values, current: n === now, changed: values.map((v, c) => told.length > 0 && told[c] !== v) });
    told = values;
    before = n;
  }
  if (before < starts.length - 1) rows.push({ skipped: starts.length - 1 - before });
  return { line: run.places[header].line, names: names.map((n) => run.texts.text(n)), turns: rows, count: starts.length };
}

/** The last event of a turn: what comes next is the loop's own test or the end. */
function ended(run: Run, start: number, next: number): number {
  let k = Math.min(next, run.count) - 1;
  while (k > start && !run.has(k)) k--;
  return k;
}

function globalOf(run: Run, k: number, name: number): number | undefined {
  for (const space of run.state(k).globals.values()) {
    const value = space.values.get(name);
    if (value !== undefined) return value;
  }
  return undefined;
}

/** Variables that the loop binds, in the order in which it first does; the loop's own target comes first. */
function changing(run: Run, starts: number[], last: number, activation: number): number[] {
  const names = new Set<number>();
  const ends = starts.length > 3 ? [starts[0], starts[3]] : [starts[0], last];
  const note = (k: number) => {
    for (const change of run.changes(k)) {
      if (change.kind === "bind" && change.activation === activation) names.add(change.name);
      else if (change.kind === "global") names.add(change.name);
      else if (change.kind === "splice") {
        run.state(k).frames.get(activation)?.values.forEach((value, name) => value === 3 * change.object + 2 && names.add(name));
      }
    }
  };
  for (let k = ends[0]; k <= ends[1] && k - ends[0] < 3000; k++) note(k);
  for (let n = starts.length - 1; n > Math.max(0, starts.length - 3); n--) for (let k = starts[n]; k <= last && k < starts[n] + 200; k++) note(k);
  const order = [...(run.state(last).frames.get(activation)?.values.keys() ?? [])];
  return [...names].sort((a, b) => order.indexOf(a) - order.indexOf(b)).slice(0, COLUMNS);
}
