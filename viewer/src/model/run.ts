// One run: columns over all its events, and the state at any of them.

import type { Part, Source, Whole } from "./data";
import { BIND, CALL, GLOBAL, LINE, NEW, RAISE, RESUME, RETURN, SPLICE, State, UNBIND, UNWIND, YIELD } from "./state";
import { Texts, type V } from "./values";

const NEAR = 256;
const KEPT_PARTS = 6;

interface Loaded {
  part: Part;
  start: number;
  count: number;
  offsets: Int32Array;
  values: Map<number, V>;
  marks: number[];
  saved: Map<number, State>;
}

export interface Place {
  id: number;
  fn: number;
  kind: string;
  line: number;
  column: number;
  first: number;
  end: number;
  loops: number[];
  file: number;
}

/** One thing that changed: a variable, or items `start` to `start + size` of an object. */
export type Change =
  | { kind: "bind"; activation: number; name: number; value: V }
  | { kind: "unbind"; activation: number; name: number }
  | { kind: "global"; module: number; name: number; value: V }
  | { kind: "splice"; object: number; start: number; removed: number; size: number }
  | { kind: "new"; object: number };

export class Run {
  readonly count: number;
  readonly texts: Texts;
  readonly kinds: Uint8Array;
  readonly at: Int32Array;
  readonly owner: Int32Array;
  readonly depth: Int32Array;
  readonly nextOwn: Int32Array;
  readonly previousOwn: Int32Array;
  /** per activation: its call event, its last event, its parent (or -1) and its function */
  readonly entered: Int32Array;
  readonly left: Int32Array;
  readonly parent: Int32Array;
  readonly activations: number;
  readonly places: Place[];
  private readonly thread = new Map<number, number>();
  private loaded = new Map<number, Loaded>();
  private states: [number, State][] = [];

  constructor(readonly whole: Whole, private readonly source: Source) {
    const count = (this.count = whole.kinds.length);
    this.texts = new Texts(whole.texts);
    this.kinds = Uint8Array.from(whole.kinds);
    this.at = summed(whole.placed);
    this.owner = summed(whole.activations);
    whole.threads.forEach(([activation, thread]) => this.thread.set(activation, thread));
    this.places = whole.places.map(([fn, kind, line, column, first, end, loops], id) => ({
      id, fn, kind, line, column, first, end, loops, file: whole.functions[fn][1],
    }));
    this.activations = count ? this.owner.reduce((a, b) => (a > b ? a : b), -1) + 1 : 0;
    this.depth = new Int32Array(count);
    this.nextOwn = new Int32Array(count).fill(-1);
    this.previousOwn = new Int32Array(count).fill(-1);
    this.entered = new Int32Array(this.activations).fill(-1);
    this.left = new Int32Array(this.activations).fill(-1);
    this.parent = new Int32Array(this.activations).fill(-1);
    this.link();
  }

  private link(): void {
    const stacks = new Map<number, number[]>();
    for (let i = 0; i < this.count; i++) {
      const activation = this.owner[i];
      const kind = this.kinds[i];
      const thread = this.threadOf(activation);
      let stack = stacks.get(thread);
      if (!stack) stacks.set(thread, (stack = []));
      if (kind === CALL) {
        this.entered[activation] = i;
        this.parent[activation] = stack.length ? stack[stack.length - 1] : -1;
      }
      if (kind === CALL || kind === RESUME) stack.push(activation);
      this.depth[i] = stack.length;
      if (kind === RETURN || kind === UNWIND || kind === YIELD) {
        const at = stack.lastIndexOf(activation);
        if (at >= 0) stack.splice(at, 1);
      }
      const before = this.left[activation];
      if (before >= 0) this.nextOwn[before] = i;
      this.previousOwn[i] = before;
      this.left[activation] = i;
    }
  }

  threadOf(activation: number): number {
    return this.thread.get(activation) ?? 0;
  }

  place(i: number): Place {
    return this.places[this.at[i]];
  }

  functionName(activation: number): string {
    const entry = this.entered[activation];
    const event = entry >= 0 ? entry : this.owner.indexOf(activation);
    return event >= 0 ? this.whole.functions[this.place(event).fn][0] : "?";
  }

  /** Of a test at event `i`: whether its body came next; null where that is not known. */
  taken(i: number): boolean | null {
    const place = this.place(i);
    if (this.kinds[i] !== LINE || !["if", "while", "for"].includes(place.kind)) return null;
    let next = this.nextOwn[i];
    while (next >= 0 && (this.kinds[next] === YIELD || this.kinds[next] === RESUME)) next = this.nextOwn[next];
    if (next < 0 || this.kinds[next] === RAISE || this.kinds[next] === UNWIND) return null;
    return this.kinds[next] === LINE && this.at[next] === place.first;
  }

  // -- parts ---------------------------------------------------------------------------------

  partOf(i: number): number {
    const starts = this.whole.starts;
    let low = 0;
    let high = starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (starts[middle] <= i) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  has(i: number): boolean {
    return this.loaded.has(this.partOf(i));
  }

  /** Makes the states around event `i` available. */
  async load(i: number): Promise<void> {
    const number = this.partOf(i);
    if (this.loaded.has(number) || !this.whole.starts.length) return;
    const part = (await this.source(String(number))) as Part;
    if (this.loaded.has(number)) return;
    while (this.loaded.size >= KEPT_PARTS) this.loaded.delete(this.loaded.keys().next().value!);
    this.loaded.set(number, prepared(part, this.whole.starts[number]));
    this.states = [];
  }

  private part(i: number): Loaded {
    return this.loaded.get(this.partOf(i))!;
  }

  /** The value of a return or yield, the text of an exception. */
  value(i: number): V | undefined {
    const part = this.part(i);
    return part.values.get(i - part.start);
  }

  /** The state once event `i` is over: just before event `i + 1`. It must not be changed. */
  state(i: number): State {
    const known = this.states.find(([event]) => event === i);
    if (known) return known[1];
    const part = this.part(i);
    const target = i - part.start;
    const newest = this.states.find(([event]) => event < i && event >= part.start && i - event < NEAR);
    const [place, base] = newest ? [newest[0] - part.start, newest[1]] : this.saved(part, target);
    const state = this.replayed(part, base, place, target);
    this.states = [[i, state] as [number, State], ...this.states].slice(0, 8);
    return state;
  }

  /** The state just before event `i`. */
  before(i: number): State {
    if (i > 0 && this.partOf(i) === this.partOf(i - 1)) return this.state(i - 1);
    return this.part(i).saved.get(-1)!;
  }

  private saved(part: Loaded, target: number): [number, State] {
    let at = part.marks.length - 1;
    while (part.marks[at] > target) at--;
    let place = part.marks[at];
    let state = part.saved.get(place)!;
    if (at === part.marks.length - 1) {
      // ground that is walked for the first time: leave a saved state every so often
      for (;;) {
        const next = place + Math.max(NEAR, state.things.size >> 2);
        if (next > target) break;
        state = this.replayed(part, state, place, next);
        place = next;
        part.marks.push(place);
        part.saved.set(place, state);
      }
    }
    return [place, state];
  }

  private replayed(part: Loaded, base: State, from: number, to: number): State {
    const state = base.copy();
    for (let k = from + 1; k <= to; k++) {
      const i = part.start + k;
      const activation = this.owner[i];
      state.begin(this.kinds[i], activation, this.threadOf(activation));
      state.apply(part.part.flat, part.offsets[k], part.offsets[k + 1], activation);
    }
    return state;
  }

  /** What changed between event `i` and the next one. */
  changes(i: number): Change[] {
    const part = this.part(i);
    const k = i - part.start;
    return told(part.part.flat, part.offsets[k], part.offsets[k + 1], this.owner[i]);
  }

  /** Events of the part around `i`, half-open: what can be looked at without waiting. */
  reach(i: number): [number, number] {
    const part = this.part(i);
    return [part.start, part.start + part.count];
  }
}

function summed(column: number[]): Int32Array {
  const sums = new Int32Array(column.length);
  let sum = 0;
  for (let i = 0; i < column.length; i++) sums[i] = sum += column[i];
  return sums;
}

function prepared(part: Part, start: number): Loaded {
  const offsets = new Int32Array(part.sizes.length + 1);
  part.sizes.forEach((size, k) => (offsets[k + 1] = offsets[k] + size));
  const values = new Map<number, V>();
  for (let k = 0; k < part.values.length; k += 2) values.set(part.values[k], part.values[k + 1]);
  const saved = new Map([[-1, State.opened(part)]]);
  return { part, start, count: part.sizes.length, offsets, values, marks: [-1], saved };
}

function told(flat: number[], from: number, to: number, home: number): Change[] {
  const found: Change[] = [];
  for (let i = from; i < to; ) {
    const kind = flat[i];
    if (kind === NEW) {
      found.push({ kind: "new", object: flat[i + 1] });
      i += 5 + flat[i + 4];
    } else if (kind === SPLICE) {
      found.push({ kind: "splice", object: flat[i + 1], start: flat[i + 2], removed: flat[i + 3], size: flat[i + 4] });
      i += 5 + flat[i + 4];
    } else if (kind === BIND) {
      found.push({ kind: "bind", activation: flat[i + 1] + home, name: flat[i + 2], value: flat[i + 3] });
      i += 4;
    } else if (kind === UNBIND) {
      found.push({ kind: "unbind", activation: flat[i + 1] + home, name: flat[i + 2] });
      i += 3;
    } else if (kind === GLOBAL) {
      found.push({ kind: "global", module: flat[i + 1], name: flat[i + 2], value: flat[i + 3] });
      i += 4;
    } else {
      i += 3;
    }
  }
  return found;
}
