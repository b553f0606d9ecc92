// What is drawn as what, where marks stand, and that pictures do not depend on the way to them.

import { describe, expect, it } from "vitest";
import { chosen, scene, type Picture, type Row } from "../../src/model/scene";
import { caption, read } from "../../src/model/scope";
import { loaded, page, type Loaded } from "../pages";

const NONE = new Set<number>();

function rows({ run, facts }: Loaded, i: number): Map<string, Row> {
  const frame = scene(run, facts, i, NONE).frames[0];
  return new Map(frame.rows.flatMap((row) => row.names.map((name) => [name.text, row] as [string, Row])));
}

const picture = <K extends Picture["kind"]>(row: Row | undefined, kind: K): Extract<Picture, { kind: K }> => {
  expect(row?.picture.kind).toBe(kind);
  return row!.picture as Extract<Picture, { kind: K }>;
};

const at = ({ run }: Loaded, line: number, nth = 0): number => [...Array(run.count).keys()].filter((i) => run.place(i).line === line && run.kinds[i] === 1)[nth];

describe("lists", () => {
  it("carry the variables that select from them, and those these were made of", async () => {
    const it = await loaded(page("binary_search", "binary_search([1, 3, 5, 7, 9, 11], 9)"));
    const cells = picture(rows(it, at(it, 15, 1)).get("xs"), "cells");
    expect(cells.marks.map((m) => [m.text, m.at]).sort()).toEqual([["high", 5], ["low", 3], ["mid", 4]]);
    expect(cells.cells.filter((c) => c.read).map((c) => c.at)).toEqual([4]);
    expect(new Set(cells.marks.map((m) => m.lane)).size).toBe(3);
  });

  it("show what a step changed, and nothing else", async () => {
    const it = await loaded(page("insertion_sort", "insertion_sort([5, 2, 4, 1])"));
    const i = at(it, 14);
    const cells = picture(rows(it, i).get("xs"), "cells");
    expect(cells.cells.filter((c) => c.changed).map((c) => c.at)).toEqual([1]);
    expect(read(it.run, it.facts, i).items.size).toBe(1);
  });

  it("of heapq, or with children at 2i + 1, are heaps; others are none", async () => {
    const heap = await loaded(page("dijkstra", "dijkstra({'a': {'b': 4}, 'b': {}}, 'a')"));
    expect(picture(rows(heap, at(heap, 14)).get("frontier"), "cells").heap).toBe(true);
    const plain = await loaded(page("merge_sort", "merge([1], [2])"));
    expect(picture(rows(plain, at(plain, 13)).get("left"), "cells").heap).toBe(false);
  });

  it("that are long keep what matters", () => {
    expect(chosen(5, 10, [])).toEqual([0, 1, 2, 3, 4]);
    const kept = chosen(10_000, 40, [5000]);
    expect(kept.length).toBeLessThanOrEqual(40);
    expect(kept).toContain(5000);
    expect(kept).toContain(0);
    expect(kept).toContain(9999);
    expect(kept).toEqual([...kept].sort((a, b) => a - b));
  });
});

describe("other values", () => {
  it("are grids with the row and column in use", async () => {
    const it = await loaded(page("edit_distance", "edit_distance('kitten', 'sitting')"));
    const grid = picture(rows(it, at(it, 20, 8)).get("table"), "grid");
    expect(grid.size).toEqual([7, 8]);
    expect([grid.rowMarks[0]?.text, grid.rowMarks[0]?.at]).toEqual(["i", 2]);
    expect(grid.columnMarks[0]?.text).toBe("j");
    picture(rows(it, at(it, 20, 8)).get("source"), "text");
  });

  it("are graphs whose visited places are known", async () => {
    const it = await loaded(page("breadth_first", "shortest_path({'a': ['b', 'c'], 'b': ['d'], 'c': ['d'], 'd': []}, 'a', 'd')"));
    const graph = picture(rows(it, at(it, 18, 2)).get("graph"), "network");
    expect(graph.nodes.length).toBe(4);
    expect(graph.edges.length).toBe(4);
    expect(graph.groups.map((g) => g.name)).toEqual(["came_from", "queue"]);
    expect(graph.nodes.find((n) => n.key === "'a'")!.tags).toEqual(["start", "place"]);
  });

  it("with weights are graphs only where it is sure which side of a pair is the neighbour", async () => {
    const program = "def f(graph):\n    return len(graph)\n";
    const edges = async (graph: string) => {
      const it = await loaded(page(program, `f(${graph})`));
      const found = rows(it, 1).get("graph")!.picture;
      return found.kind === "network" ? found.edges.map((e) => `${e.from}>${e.to}:${e.label}`) : found.kind;
    };
    expect(await edges("{1: [[3, 2], [8, 3]], 2: [[3, 1]], 3: [[8, 1]]}")).toEqual(["1>2:3", "1>3:8", "2>1:3", "3>1:8"]);
    expect(await edges("{1: [(2, 30)], 2: []}")).toEqual(["1>2:30"]);
    expect(await edges("{1: [(2, 1)], 2: [(1, 2)]}")).toBe("pairs");
  });

  it("are chains whose boxes stay while links turn", async () => {
    const it = await loaded(page("linked_list", "reverse(from_list([1, 2, 3, 4]))"));
    const orders = [0, 1, 2, 3].map((nth) => picture(rows(it, at(it, 45, nth)).get("before"), "links").nodes.map((n) => n.fields[0].text).join(""));
    expect(orders).toEqual(["1234", "1234", "1234", "1234"]);
  });

  it("are trees, and one object twice is drawn once", async () => {
    const program = "class T:\n    def __init__(self, key):\n        self.key, self.left, self.right = key, None, None\n\ndef grow():\n    a, b = T(2), T(1)\n    a.left = b\n    a.right = T(3)\n    xs = [1]\n    ys = xs\n    return a\n";
    const it = await loaded(page(program, "grow()"));
    const found = rows(it, at(it, 11));
    const tree = picture(found.get("a"), "links");
    expect(tree.shape).toBe("tree");
    expect(tree.nodes.length).toBe(3);
    expect(tree.nodes.find((n) => n.tags.includes("b"))).toBeTruthy();
    expect(found.get("ys")!.picture.kind).toBe("same");
    expect(found.get("ys")!.refers).toBe(found.get("xs")!.id);
  });

  it("are plain where nothing is known of them", async () => {
    const it = await loaded(page("def f(d, s, t):\n    return len(d)\n", "f({'k': [1]}, {1, 2}, (1, 'a'))"));
    expect(["pairs", "members", "cells"]).toEqual(["d", "s", "t"].map((name) => rows(it, 1).get(name)!.picture.kind));
  });
});

describe("the caption", () => {
  it("spells a test with its values, and stops where it was decided", async () => {
    const it = await loaded(page("insertion_sort", "insertion_sort([1, 2])"));
    expect(caption(it.run, it.facts, at(it, 13)).detail).toBe("1 > 0 and 1 > 2");
    const other = await loaded(page("insertion_sort", "insertion_sort([2, 1])"));
    expect(caption(other.run, other.facts, at(other, 13, 1)).detail).toBe("0 > 0");
  });

  it("says what was stored", async () => {
    const it = await loaded(page("insertion_sort", "insertion_sort([2, 1])"));
    expect(caption(it.run, it.facts, at(it, 14)).detail).toBe("xs[1] = 2");
  });
});
