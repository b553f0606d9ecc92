// Where the keys lead: the next step, over a call, out of it, back, and to where a variable changes.

import type { Run } from "./run";
import { CALL, LINE, RETURN, UNWIND, YIELD } from "./state";

export type Move = "first" | "last" | "next" | "back" | "over" | "overBack" | "out" | "into";

export function moved(run: Run, i: number, move: Move): number {
  const end = run.count - 1;
  switch (move) {
    case "first": return 0;
    case "last": return end;
    case "next":
    case "into": return Math.min(end, i + 1);
    case "back": return Math.max(0, i - 1);
    case "over": return over(run, i);
    case "overBack": return overBack(run, i);
    case "out": return out(run, i);
  }
}

/** The activation's next event, whatever was called in between; at its end, that of its caller. */
function over(run: Run, i: number): number {
  if (run.nextOwn[i] >= 0) return run.nextOwn[i];
  const depth = run.depth[i];
  for (let k = i + 1; k < run.count; k++) if (run.depth[k] < depth || run.kinds[k] === LINE) return k;
  return run.count - 1;
}

function overBack(run: Run, i: number): number {
  if (run.kinds[i] !== CALL && run.previousOwn[i] >= 0) return run.previousOwn[i];
  return Math.max(0, i - 1);
}

/** To where the activation is left. */
function out(run: Run, i: number): number {
  for (let k = i; k >= 0; k = run.nextOwn[k]) {
    if (k > i && [RETURN, UNWIND, YIELD].includes(run.kinds[k])) return k;
    if (run.nextOwn[k] < 0) return k === i ? Math.min(run.count - 1, i + 1) : k;
  }
  return i;
}

/** The next (or previous) event within reach that changes a variable, or something inside what it holds. */
export function changeOf(run: Run, i: number, name: number, direction: 1 | -1): number | null {
  const [from, to] = run.reach(i);
  for (let k = i + direction; k >= from && k < to; k += direction) {
    for (const change of run.changes(k)) {
      if ((change.kind === "bind" || change.kind === "global") && change.name === name) return k;
      if (change.kind === "splice" && holds(run, k, name, change.object)) return k;
    }
  }
  return null;
}

function holds(run: Run, k: number, name: number, object: number): boolean {
  const names = run.state(k).frames.get(run.owner[k]);
  return names?.values.get(name) === 3 * object + 2;
}
