// Questions in the grammar of docs/query.md, and chains of origins.

import { beforeAll, describe, expect, it } from "vitest";
import { CallTree } from "../../src/model/calls";
import { turns } from "../../src/model/loops";
import { query } from "../../src/model/query";
import { timeline } from "../../src/model/series";
import { why } from "../../src/model/why";
import { isRight } from "../../src/panes/guess";
import { loaded, page, type Loaded } from "../pages";

describe("questions", () => {
  let it_: Loaded;
  beforeAll(async () => (it_ = await loaded(page("binary_search", "binary_search([1, 3, 5, 7, 9, 11], 9)"))));
  const ask = (text: string) => query(it_.run, it_.facts, text, it_.run.count - 1);

  it.each(["", "hello", "first", "when x", "first x <", "eval(1)", "first __import__('os')", "every (lambda: 1)()"])("that are none find nothing: %s", (text) => {
    expect(ask(text).hits).toEqual([]);
  });

  it.each([
    ["when low changes", ["low = 0", "low = 3"]],
    ["first low > 2", ["low = 3"]],
    ["every 0 <= low <= mid < high", ["0 <= low <= mid = True", "0 <= low <= mid = True", "0 <= low <= mid = True", "0 <= low <= mid = True"]],
    ["writes to mid", ["mid = 2", "mid = 4"]],
    ["last mid % 2 == 0", ["mid % 2 = 0"]],
  ])("%s", (text, expected) => {
    const found = ask(text);
    if (text.startsWith("every")) expect(found.count).toBeGreaterThan(0);
    else expect(found.hits.map((h) => h.text)).toEqual(expected);
  });

  it("count lines, calls and depth", () => {
    expect(ask("count line 14").count).toBe(2);
    expect(ask("calls to binary_search where target > 100").count).toBe(0);
    expect(ask("calls to binary_search where len(xs) == 6").count).toBe(1);
    expect(ask("max depth").count).toBe(1);
    expect(ask("at step 3").hits[0].event).toBe(3);
    expect(ask("at step 3000").problem).toBe("search.range");
  });

  it("why leads from a value back to what it was made of", () => {
    const run = it_.run;
    const chain = why(run, it_.facts, run.count - 1, 0, "mid");
    expect(chain.map((link) => link.line)).toEqual([14, 18, 14, 12, 4].slice(0, chain.length));
    expect(chain[0].value).toBe("4");
  });
});

describe("why", () => {
  it("follows results into the call that gave them, and arguments out of it", async () => {
    const program = "def double(v):\n    w = v * 2\n    return w\n\ndef f(a):\n    b = a + 1\n    c = double(b)\n    return c\n";
    const { run, facts } = await loaded(page(program, "f(3)"));
    const lines = why(run, facts, run.count - 1, 0, "c").map((link) => link.line);
    expect(lines).toContain(2);
    expect(lines).toContain(6);
    expect(lines[0]).toBe(7);
  });

  it("of a name that has no value is empty", async () => {
    const { run, facts } = await loaded(page("gcd", "extended_gcd(4, 2)"));
    expect(why(run, facts, 0, 0, "nothing")).toEqual([]);
  });
});

describe("the tables below", () => {
  it("fold loops to their turns", async () => {
    const { run } = await loaded(page("sieve", "primes_up_to(60)"));
    const i = [...Array(run.count).keys()].find((k) => run.place(k).line === 14)!;
    const found = turns(run, i)!;
    expect(found.count).toBe(59);
    expect(found.turns.length).toBeLessThan(14);
    expect(found.turns.some((t) => "skipped" in t)).toBe(true);
    expect(turns(run, 0)).toBe(null);
  });

  it("join repeated sub-problems", async () => {
    const { run } = await loaded(page("def fib(n):\n    return n if n < 2 else fib(n - 1) + fib(n - 2)\n", "fib(6)"));
    const calls = new CallTree(run).at(0);
    expect(calls.isRecursive).toBe(true);
    expect(calls.repeated).toBeGreaterThan(3);
    expect(calls.root!.result).toBe("8");
  });

  it("draw each variable over time", async () => {
    const { run } = await loaded(page("gcd", "extended_gcd(240, 46)"));
    const found = timeline(run, 5);
    const b = found.series.find((s) => s.name === "b")!;
    expect(b.isNumeric).toBe(true);
    expect(b.points.map((p) => p.text)).toEqual(["46", "10", "6", "4", "2", "0"]);
  });
});

describe("predictions", () => {
  it.each([["5", "5", true], [" 5 ", "5", true], ["6", "5", false], ["abc", "'abc'", true], ['"abc"', "'abc'", true], ["", "0", false], ["True", "1", false]])("%s for %s", (given, answer, right) => {
    expect(isRight(given, answer)).toBe(right);
  });
});
