// The tree of calls, repeated sub-problems joined: a call with the arguments of an earlier one is not opened again.

import type { Run } from "./run";
import { args, short } from "./scope";
import { brief, literal } from "./evaluate";
import { RETURN } from "./state";

export interface CallNode {
  activation: number;
  label: string;
  result: string;
  /** the activation of the first call with the same arguments, or -1 */
  repeats: number;
  /** how many later calls are the same */
  again: number;
  below: CallNode[];
  hidden: number;
}

export interface Calls {
  root: CallNode | null;
  count: number;
  isRecursive: boolean;
  repeated: number;
}

const MOST = 4000;
const WIDE = 9;

export class CallTree {
  private labels = new Map<number, [string, string, string]>();
  readonly children = new Map<number, number[]>();
  readonly isRecursive: boolean;

  constructor(private readonly run: Run) {
    let recursive = false;
    for (let a = 0; a < run.activations; a++) {
      const parent = run.parent[a];
      if (parent >= 0) {
        const list = this.children.get(parent);
        if (list) list.push(a);
        else this.children.set(parent, [a]);
        recursive ||= run.functionName(a) === run.functionName(parent);
      }
    }
    this.isRecursive = recursive;
  }

  /** The tree around the calls that are open at event `i`, at most `limit` nodes. */
  at(i: number, limit = 90): Calls {
    const run = this.run;
    const path = new Set(run.state(i).stack());
    const first = [...path][0] ?? run.owner[i];
    let budget = limit;
    const seen = new Map<string, CallNode>();
    let repeated = 0;
    const build = (activation: number, depth: number): CallNode => {
      budget--;
      const [label, result, key] = this.label(activation);
      const known = key ? seen.get(key) : undefined;
      const node: CallNode = { activation, label, result, repeats: known ? known.activation : -1, again: 0, below: [], hidden: 0 };
      if (known && !path.has(activation)) {
        known.again++;
        repeated++;
        return node;
      }
      if (!known && key) seen.set(key, node);
      const below = this.children.get(activation) ?? [];
      for (const child of kept(below, path)) {
        if (budget <= 0 && !path.has(child)) continue;
        node.below.push(build(child, depth + 1));
      }
      node.hidden = below.length - node.below.length;
      return node;
    };
    return { root: run.activations ? build(first, 0) : null, count: run.activations, isRecursive: this.isRecursive, repeated };
  }

  /** What stands on a call, what it gave, and what tells it from others: its arguments in full, or nothing. */
  private label(activation: number): [string, string, string] {
    const known = this.labels.get(activation);
    if (known) return known;
    const run = this.run;
    const entry = run.entered[activation];
    const name = run.functionName(activation);
    const bare = name.split(".").slice(-1)[0];
    if (entry < 0 || !run.has(entry) || this.labels.size > MOST) return [bare, "", ""];
    const state = run.state(entry);
    const told = args(run, state, activation, true);
    const whole = [...(state.frames.get(activation)?.values.values() ?? [])].map((value) => literal(run.texts, state, value)).join(", ");
    const key = whole.includes("...") || whole.includes("<") ? "" : `${name}(${whole})`;
    const left = run.left[activation];
    const value = left >= 0 && run.has(left) && run.kinds[left] === RETURN ? run.value(left) : undefined;
    const made: [string, string, string] = [`${bare}(${short(told, 26)})`, value === undefined || run.texts.atom(value) === "None" ? "" : short(brief(run.texts, run.state(left), value), 18), key];
    this.labels.set(activation, made);
    return made;
  }
}

function kept(below: number[], path: Set<number>): number[] {
  if (below.length <= WIDE) return below;
  const at = below.findIndex((a) => path.has(a));
  const near = new Set([0, 1, below.length - 1, ...[-2, -1, 0, 1, 2].map((d) => at + d)]);
  return below.filter((_, n) => near.has(n) && n >= 0);
}
