// The state of a run between two events, moved forward by packed operations; snapshots share what did not change.

import type { Part } from "./data";
import type { V } from "./values";

export const [NEW, SPLICE, BIND, UNBIND, GLOBAL, FORGET] = [0, 1, 2, 3, 4, 5];
export const [CALL, LINE, RETURN, YIELD, RESUME, RAISE, UNWIND] = [0, 1, 2, 3, 4, 5, 6];

export interface Thing {
  kind: number;
  cls: number;
  items: V[];
  epoch: number;
}

export const [ITEMS, MEMBERS, PAIRS, OBJECT, NAMED, ENUM, TENSOR] = [0, 1, 2, 3, 4, 5, 6];

interface Names {
  values: Map<number, V>;
  epoch: number;
}

let clock = 1;

export class State {
  private epoch = clock++;
  things = new Map<number, Thing>();
  frames = new Map<number, Names>();
  globals = new Map<number, Names>();
  stacks = new Map<number, number[]>();
  thread = 0;
  /** the activation that the last event left, and whether its variables go with it */
  leaving: [number, number, boolean] | null = null;

  static opened(part: Part): State {
    const state = new State();
    for (const [thread, ...stack] of part.stacks) {
      state.stacks.set(thread, stack);
      for (const activation of stack) state.frames.set(activation, { values: new Map(), epoch: state.epoch });
    }
    state.apply(part.opening, 0, part.opening.length, 0);
    return state;
  }

  /** A copy that stays as it is while this one moves on, and the other way round. */
  copy(): State {
    const other = new State();
    this.epoch = clock++;
    other.things = new Map(this.things);
    other.frames = new Map(this.frames);
    other.globals = new Map(this.globals);
    other.stacks = new Map([...this.stacks].map(([thread, stack]) => [thread, [...stack]]));
    other.thread = this.thread;
    other.leaving = this.leaving;
    return other;
  }

  stack(): number[] {
    return this.stacks.get(this.thread) ?? [];
  }

  /** What an event itself does to the stacks, before its operations. */
  begin(kind: number, activation: number, thread: number): void {
    this.leave();
    this.thread = thread;
    let stack = this.stacks.get(thread);
    if (!stack) this.stacks.set(thread, (stack = []));
    if (kind === CALL) {
      this.frames.set(activation, { values: new Map(), epoch: this.epoch });
      stack.push(activation);
    } else if (kind === RESUME) {
      stack.push(activation);
    } else if (kind === RETURN || kind === UNWIND || kind === YIELD) {
      this.leaving = [thread, activation, kind !== YIELD];
    }
  }

  private leave(): void {
    if (!this.leaving) return;
    const [thread, activation, forGood] = this.leaving;
    const stack = this.stacks.get(thread);
    const at = stack ? stack.lastIndexOf(activation) : -1;
    if (at >= 0) stack!.splice(at, 1);
    if (forGood) this.frames.delete(activation);
    this.leaving = null;
  }

  apply(flat: ArrayLike<number>, from: number, to: number, home: number): void {
    let i = from;
    while (i < to) {
      switch (flat[i]) {
        case NEW: {
          const size = flat[i + 4];
          const items: V[] = new Array(size);
          for (let k = 0; k < size; k++) items[k] = flat[i + 5 + k];
          this.things.set(flat[i + 1], { kind: flat[i + 2], cls: flat[i + 3], items, epoch: this.epoch });
          i += 5 + size;
          break;
        }
        case SPLICE: {
          const size = flat[i + 4];
          const items = this.owned(flat[i + 1]).items;
          if (size === 1 && flat[i + 3] === 1) items[flat[i + 2]] = flat[i + 5];
          else items.splice(flat[i + 2], flat[i + 3], ...slice(flat, i + 5, size));
          i += 5 + size;
          break;
        }
        case BIND:
          this.names(this.frames, flat[i + 1] + home).set(flat[i + 2], flat[i + 3]);
          i += 4;
          break;
        case UNBIND:
          this.names(this.frames, flat[i + 1] + home).delete(flat[i + 2]);
          i += 3;
          break;
        case GLOBAL:
          this.names(this.globals, flat[i + 1]).set(flat[i + 2], flat[i + 3]);
          i += 4;
          break;
        default:
          this.names(this.globals, flat[i + 1]).delete(flat[i + 2]);
          i += 3;
      }
    }
  }

  private owned(number: number): Thing {
    let thing = this.things.get(number)!;
    if (thing.epoch !== this.epoch) {
      thing = { ...thing, items: thing.items.slice(), epoch: this.epoch };
      this.things.set(number, thing);
    }
    return thing;
  }

  private names(spaces: Map<number, Names>, key: number): Map<number, V> {
    let names = spaces.get(key);
    if (!names || names.epoch !== this.epoch) {
      names = { values: new Map(names?.values), epoch: this.epoch };
      spaces.set(key, names);
    }
    return names.values;
  }
}

function slice(flat: ArrayLike<number>, from: number, size: number): number[] {
  const items = new Array<number>(size);
  for (let k = 0; k < size; k++) items[k] = flat[from + k];
  return items;
}
