// The state machine: where a run stands, what it holds there, and where the keys lead.

import { beforeAll, describe, expect, it } from "vitest";
import { literal } from "../../src/model/evaluate";
import { changeOf, moved, type Move } from "../../src/model/moves";
import type { Run } from "../../src/model/run";
import { CALL, RETURN } from "../../src/model/state";
import { loaded, page } from "../pages";

const FIB = `
def fib(n):
    if n < 2:
        return n
    a = fib(n - 1)
    b = fib(n - 2)
    return a + b
`;

/** Every variable of the activation that runs, as text. */
function variables(run: Run, i: number, activation = run.owner[i]): Record<string, string> {
  const state = run.state(i);
  const names = state.frames.get(activation)?.values ?? new Map<number, number>();
  return Object.fromEntries([...names].map(([name, value]) => [run.texts.text(name), literal(run.texts, state, value)]));
}

describe("moves", () => {
  let run: Run;
  beforeAll(async () => ({ run } = await loaded(page(FIB, "fib(4)"))));

  it("stay inside the run at both ends", () => {
    for (const move of ["back", "first", "overBack"] as Move[]) expect(moved(run, 0, move)).toBe(0);
    for (const move of ["next", "last", "over", "out"] as Move[]) expect(moved(run, run.count - 1, move)).toBe(run.count - 1);
  });

  it("go over a call to the next step of the same activation", () => {
    const step = [...Array(run.count).keys()].find((i) => run.place(i).line === 5)!;
    const next = moved(run, step, "over");
    expect(run.owner[next]).toBe(run.owner[step]);
    expect(run.place(next).line).toBe(6);
    expect(next - step).toBeGreaterThan(5);
    expect(moved(run, next, "overBack")).toBe(step);
  });

  it("go out of a call to its return", () => {
    const inner = [...Array(run.count).keys()].find((i) => run.kinds[i] === CALL && run.owner[i] === 2)!;
    const end = moved(run, inner, "out");
    expect(run.kinds[end]).toBe(RETURN);
    expect(run.owner[end]).toBe(2);
  });

  it("find the next and the previous change of a variable", () => {
    const name = run.texts.find("a");
    const first = changeOf(run, 0, name, 1)!;
    expect(Object.keys(variables(run, first, run.parent[run.owner[first]] ))).toContain("a");
    expect(changeOf(run, first, name, -1)).toBe(null);
    expect(changeOf(run, run.count - 1, name, 1)).toBe(null);
  });

  it("know how deep every event is", () => {
    expect(Math.max(...run.depth)).toBe(4);
    expect(run.depth[0]).toBe(1);
  });
});

describe("states", () => {
  it("are the same whichever way one comes to them", async () => {
    const path = page("insertion_sort", "insertion_sort([5, 2, 4, 1, 3, 9, 8, 7, 6, 0] * 4)");
    const { run } = await loaded(path);
    const forwards = [...Array(run.count).keys()].map((i) => JSON.stringify(variables(run, i)));
    const { run: other } = await loaded(path);
    let seed = 7;
    for (let n = 0; n < 400; n++) {
      seed = (seed * 1103515245 + 12345) % 2147483648;
      const i = seed % run.count;
      expect(JSON.stringify(variables(other, i))).toBe(forwards[i]);
    }
    for (let i = run.count - 1; i >= 0; i--) expect(JSON.stringify(variables(other, i))).toBe(forwards[i]);
  });

  it("do not change when a later one is looked at", async () => {
    const { run } = await loaded(page("insertion_sort", "insertion_sort([5, 2, 4, 1])"));
    const early = run.state(3);
    const before = JSON.stringify([...early.things.values()].map((t) => t.items));
    run.state(run.count - 1);
    expect(JSON.stringify([...early.things.values()].map((t) => t.items))).toBe(before);
  });

  it("say how tests came out", async () => {
    const { run } = await loaded(page("binary_search", "binary_search([1, 3, 5, 7, 9, 11], 9)"));
    const found = [...Array(run.count).keys()].filter((i) => run.place(i).line === 15).map((i) => run.taken(i));
    expect(found).toEqual([false, true]);
  });
});
