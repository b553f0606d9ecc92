// The tree of functions and what of it is seen, without a page.
import assert from "node:assert/strict";
import { test } from "node:test";
import { around, buildTree, joined, openSome, search, unpack, visible } from "../src/tree.js";

const nodes = unpack({
  modules: [["pkg.a", "/pkg/a.py"], ["pkg.b", "/pkg/b.py"]],
  nodes: [[0, "<module>"], [0, "f"], [0, "C.m"], [0, "C.m.inner"], [1, "g"], [-1, "<builtin>.len"]],
});
const edges = [[0, 1, 0, 1, 1], [1, 4, 0, 1, 2], [2, 4, 0, 1, 3], [2, 3, 0, 1, 4], [4, 5, 4, 1, 5], [1, 1, 0, 1, 6]];
const data = { title: "t", nodes };

test("names are put together again", () => {
  assert.deepEqual(nodes.map(([name]) => name), ["pkg.a", "pkg.a.f", "pkg.a.C.m", "pkg.a.C.m.inner", "pkg.b.g", "<builtin>.len"]);
});

test("closed groups stand for their functions, and calls between them are counted", () => {
  const { root } = buildTree(data);
  const { items, owner } = visible(root, new Set(["", "pkg"]), false);
  assert.deepEqual(items.map((each) => [each.label, each.leaves.length]), [["a", 4], ["b", 1]]);
  const found = joined(edges, owner).map(({ from, to, calls }) => [from.label, to.label, calls.length]);
  assert.deepEqual(found, [["a", "b", 2]]);
});

test("an open group is a frame, and its own function one of its items", () => {
  const { root } = buildTree(data);
  const { items, frames } = visible(root, new Set(["", "pkg", "pkg\na", "pkg\na\nC", "pkg\na\nC\nm"]), false);
  assert.deepEqual(frames.map((each) => each.label), ["pkg", "a", "C", "m"]);
  assert.deepEqual(items.map((each) => each.label), ["a", "f", "m", "inner", "b"]);
});

test("at first no more is open than can be read, and nothing is lost", () => {
  const many = Array.from({ length: 5000 }, (_, i) => [`p${i % 9}.m${i % 90}.f${i}`, `p${i % 9}.m${i % 90}`, `f${i}`, ""]);
  const { root } = buildTree({ title: "", nodes: many });
  const { items, owner } = visible(root, openSome(root, 45), false);
  assert.ok(items.length <= 45 && items.length >= 9);
  assert.equal(owner.size, 5000);
});

test("around a function: its callers and callees, as many steps as asked", () => {
  assert.deepEqual([...around(edges, 1, 1, 9)].sort(), [0, 1, 4]);
  assert.deepEqual([...around(edges, 1, 2, 9)].sort(), [0, 1, 4, 5]);
  assert.equal(around(edges, 1, 2, 2).size, 2);
});

test("search finds all words in any order, whole names first", () => {
  assert.deepEqual(search(nodes, "g", 9)[0], 4);
  assert.deepEqual(search(nodes, "inner pkg", 9), [3]);
  assert.deepEqual(search(nodes, "  ", 9), []);
});
