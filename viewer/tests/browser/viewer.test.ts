// Pages in headless Chromium: keys, links, accessibility, hostile text, small screens, and no word to anybody else.

import { createRequire } from "node:module";
import { readFileSync } from "node:fs";
import puppeteer, { type Browser, type Page } from "puppeteer-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { page } from "../pages";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const ALGORITHMS: [string, string, string[]][] = [
  ["binary_search", "binary_search([1, 3, 5, 7, 9, 11], 9)", []],
  ["breadth_first", "shortest_path({'a': ['b', 'c'], 'b': ['d'], 'c': ['d'], 'd': ['e'], 'e': []}, 'a', 'e')", []],
  ["dijkstra", "dijkstra({'a': {'b': 4, 'c': 1}, 'b': {'d': 1}, 'c': {'b': 2, 'd': 5}, 'd': {}}, 'a')", []],
  ["edit_distance", "edit_distance('kitten', 'sitting')", []],
  ["insertion_sort", "insertion_sort([5, 2, 4, 1])", []],
  ["kmp", "find('abababc', 'ababc')", []],
  ["linked_list", "to_list(reverse(from_list([1, 2, 3, 4])))", []],
  ["merge_sort", "merge_sort([5, 2, 4, 1, 3])", []],
  ["min_heap", "[h.pop() for h in [MinHeap([5, 3, 8, 9, 4, 2])] for _ in range(3)]", []],
  ["n_queens", "n_queens(4)", []],
  ["sieve", "primes_up_to(30)", []],
];
const TABS = ["calls", "timeline", "turns", "output", "search", "origin"];

let browser: Browser;
const words: string[] = [];

beforeAll(async () => {
  browser = await puppeteer.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
  });
});
afterAll(() => browser?.close());

interface Looks {
  width?: number;
  dark?: boolean;
  hash?: string;
}

async function open(path: string, { width = 1380, dark = false, hash = "" }: Looks = {}): Promise<Page> {
  words.length = 0;
  const tab = await browser.newPage();
  tab.on("pageerror", (error) => words.push(String(error)));
  tab.on("console", (message) => message.type() === "error" && words.push(message.text()));
  tab.on("request", (request) => !/^(file|data|blob):/.test(request.url()) && words.push(request.url()));
  tab.on("dialog", (dialog) => (words.push(dialog.message()), void dialog.dismiss()));
  await tab.setViewport({ width, height: 900 });
  // boxes glide to their places; where they stand is measured without the way there
  const still = { name: "prefers-reduced-motion", value: "reduce" };
  await tab.emulateMediaFeatures(dark ? [still, { name: "prefers-color-scheme", value: "dark" }] : [still]);
  await tab.goto("file://" + path + hash);
  await tab.waitForSelector("[data-ready]");
  return tab;
}

const position = (tab: Page): Promise<number> => tab.$eval('input[type="range"]', (e) => Number((e as HTMLInputElement).value));

async function go(tab: Page, step: number): Promise<void> {
  await tab.evaluate((s) => void (location.hash = `#step=${s}`), step);
  await tab.waitForFunction((s) => Number((document.querySelector('input[type="range"]') as HTMLInputElement).value) === s, {}, step);
}

async function violations(tab: Page): Promise<string[]> {
  await tab.evaluate(AXE);
  return tab.evaluate(async () => {
    const axe = (window as unknown as { axe: { run(): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> } }).axe;
    return (await axe.run()).violations.map((v) => `${v.id}: ${v.nodes.slice(0, 3).map((n) => n.html.slice(0, 160)).join(" | ")}`);
  });
}

/** Names, cells and boxes that lie over one another, and texts that stick out of their box. */
function overlaps(): string[] {
  const found: string[] = [];
  const box = (e: Element) => e.getBoundingClientRect();
  const groups = [".state .slot > .cell", ".state .pill", ".state .variable", ".state .tag rect", ".state .node rect, .state .node circle:not(.outer):not(.dot)", ".call rect"];
  for (const group of groups) {
    const all = [...document.querySelectorAll(group)].filter((e) => getComputedStyle(e).visibility !== "hidden");
    all.forEach((a, n) => all.slice(n + 1).forEach((b) => {
      if (a.contains(b) || b.contains(a)) return;
      const [p, q] = [box(a), box(b)];
      const [w, h] = [Math.min(p.right, q.right) - Math.max(p.left, q.left), Math.min(p.bottom, q.bottom) - Math.max(p.top, q.top)];
      if (w > 1.5 && h > 1.5) found.push(`${group}: ${a.parentElement?.textContent} over ${b.parentElement?.textContent}`);
    }));
  }
  for (const e of document.querySelectorAll(".state .cell, .state .pair, .node")) {
    const text = e.querySelector("text");
    const shape = e.querySelector("rect, circle");
    if (text && shape && box(text).width > box(shape).width + 2) found.push(`cut: ${text.textContent}`);
    else if (!shape && e.scrollWidth > e.clientWidth + 2) found.push(`cut: ${e.textContent}`);
  }
  return found.slice(0, 5);
}

describe.each(ALGORITHMS)("%s", (name, call, extra) => {
  it("is drawn at every step without errors, overlaps or cut text, and reads well to a screen reader", async () => {
    const path = page(name, call, extra);
    const tab = await open(path);
    const last = await tab.$eval('input[type="range"]', (e) => Number((e as HTMLInputElement).max));
    for (let step = 0; step <= last; step += Math.max(1, Math.floor(last / 25))) {
      await go(tab, step);
      expect(await tab.evaluate(overlaps), `step ${step}`).toEqual([]);
    }
    expect(await tab.evaluate(() => document.documentElement.scrollWidth <= innerWidth)).toBe(true);
    await go(tab, Math.floor(last / 2));
    for (const tabName of TABS) {
      await tab.click(`#tab-${tabName}`);
      expect(await violations(tab), tabName).toEqual([]);
    }
    expect(words).toEqual([]);
    await tab.close();
    const dark = await open(path, { dark: true, hash: `#step=${Math.floor(last / 2)}` });
    expect(await violations(dark), "dark").toEqual([]);
    await dark.close();
    const phone = await open(path, { width: 390, hash: `#step=${Math.floor(last / 2)}` });
    expect(await phone.evaluate(() => document.documentElement.scrollWidth - innerWidth), "phone").toBeLessThanOrEqual(0);
    await phone.close();
  });
});

describe("keys and links", () => {
  let path: string;
  beforeAll(() => void (path = page("merge_sort", "merge_sort([5, 2, 4, 1, 3])")));

  it("lead through the run", async () => {
    const tab = await open(path);
    for (const [key, expected] of [["ArrowRight", 1], ["ArrowRight", 2], ["ArrowLeft", 1], ["End", 103], ["ArrowRight", 103], ["Home", 0]] as [("ArrowRight"), number][]) {
      await tab.keyboard.press(key);
      expect(await position(tab), key).toBe(expected);
    }
    for (let n = 0; n < 3; n++) await tab.keyboard.press("ArrowRight");
    const inside = await position(tab);
    await tab.keyboard.press("ArrowDown");
    expect(await position(tab)).toBeGreaterThan(inside);
    await tab.keyboard.press("o");
    expect(await tab.$eval(".told", (e) => e.textContent)).toContain("returns");
    await tab.close();
  });

  it("follow a variable to its next change and back", async () => {
    const tab = await open(page("binary_search", "binary_search([1, 3, 5, 7, 9, 11], 9)"), { hash: "#step=3" });
    await tab.keyboard.press("c");
    expect(await tab.$eval(".told", (e) => e.textContent)).toContain("mid = 4");
    await tab.keyboard.press("C");
    expect(await position(tab)).toBe(3);
    await tab.close();
  });

  it("open at the step that the address names, and keep it there", async () => {
    const tab = await open(path, { hash: "#step=50" });
    expect(await position(tab)).toBe(50);
    await tab.keyboard.press("ArrowRight");
    await tab.waitForFunction(() => location.hash === "#step=51");
    const beyond = await open(path, { hash: "#step=99999" });
    expect(await position(beyond)).toBe(103);
    await Promise.all([tab.close(), beyond.close()]);
  });

  it("reach every control, and a question is asked and answered", async () => {
    const tab = await open(path);
    await tab.keyboard.press("/");
    await tab.waitForSelector("#question:focus");
    await tab.keyboard.type("calls to merge where len(left) == 2");
    await tab.keyboard.press("Enter");
    await tab.waitForSelector(".hit");
    const hits = await tab.$$eval(".hit", (all) => all.map((e) => e.textContent));
    expect(hits.length).toBe(1);
    await tab.click(".hit");
    expect(await tab.$eval(".told", (e) => e.textContent)).toContain("calls merge");
    await tab.close();
  });

  it("a click on a name tells where its value came from", async () => {
    const tab = await open(path, { hash: "#step=99" });
    await tab.click(".frame.current .variable");
    await tab.waitForSelector(".chain .hit, .panel .soft");
    expect(await tab.$eval("#tab-origin", (e) => e.getAttribute("aria-selected"))).toBe("true");
    await tab.close();
  });

  it("plays to the end and stops", async () => {
    const tab = await open(page("gcd", "extended_gcd(6, 4)"));
    await tab.select(".speed select", "20");
    await tab.click(".icon.play");
    await tab.waitForFunction(() => {
      const slider = document.querySelector('input[type="range"]') as HTMLInputElement;
      return slider.value === slider.max && document.querySelector(".icon.play")!.getAttribute("aria-pressed") === "false";
    });
    await tab.close();
  });

  it("predicting hides the value, grades the answer, and shows it", async () => {
    const tab = await open(page("gcd", "extended_gcd(240, 46)"));
    await tab.click(".toggle input");
    await tab.evaluate(() => (document.activeElement as HTMLElement).blur());
    for (let n = 0; n < 4; n++) await tab.keyboard.press("ArrowRight");
    await tab.waitForSelector(".guess");
    const test = await tab.$(".choices button");
    if (test) await test.click();
    else {
      expect(await tab.$eval(".state", (e) => e.textContent)).toContain("?");
      await tab.type("#guess", "5");
      await tab.keyboard.press("Enter");
    }
    await tab.waitForSelector(".guess .right, .guess .wrong");
    await tab.evaluate(() => ([...document.querySelectorAll(".guess button")].pop() as HTMLElement).click());
    await tab.waitForSelector(".told:not(.guess)");
    expect(await tab.$eval(".score", (e) => e.textContent)).toMatch(/of 1 right/);
    await tab.close();
  });
});

describe("a page", () => {
  const HOSTILE = `
class Evil:
    def __init__(self):
        self.name = "<img src=x onerror=alert(1)>"
def f(s, d):
    # </script><script>alert(2)</script>
    print("<script>alert(3)</script>\\x1b[31m\\u202e")
    e = Evil()
    xs = [s, "</script>", "javascript:alert(4)", "{{7*7}}"]
    for c in s:
        d[c] = c
    return "<b>" + s
`;

  it("keeps hostile values, names and output as the text they are", async () => {
    const tab = await open(page(HOSTILE, "f('<svg onload=alert(5)>\"', {'<i>': '<script>alert(6)</script>'})"));
    const last = await tab.$eval('input[type="range"]', (e) => Number((e as HTMLInputElement).max));
    for (const step of [0, 4, 8, 12, last]) {
      await go(tab, step);
      for (const name of TABS) await tab.click(`#tab-${name}`);
    }
    await tab.click("#tab-output");
    expect(await tab.$eval(".output", (e) => e.textContent)).toContain("<script>alert(3)</script>\\x1b[31m\\u202e");
    expect(await tab.$$eval(".viewer img, .viewer script, .viewer b, .viewer iframe", (all) => all.length)).toBe(0);
    expect(words).toEqual([]);
    await tab.close();
  });

  it("allows nothing but itself", async () => {
    const path = page("gcd", "extended_gcd(6, 4)");
    const html = readFileSync(path, "utf8");
    expect(html).toMatch(/http-equiv="Content-Security-Policy" content="default-src &#x27;none&#x27;; script-src &#x27;sha256-/);
    expect(html.replace(/http:\/\/www\.w3\.org\/[\w/]+/g, "")).not.toMatch(/https?:\/\/[a-z]/i);
    const tab = await open(path);
    await tab.evaluate(() => {
      const script = document.createElement("script");
      script.textContent = "document.title = 'owned'";
      document.body.append(script);
    });
    expect(await tab.title()).not.toBe("owned");
    await tab.close();
  });

  it("speaks the language that was asked for", async () => {
    const tab = await open(page("gcd", "extended_gcd(6, 4)", [], { CODEASSIST_LANG: "zh-CN" }));
    expect(await tab.$eval("html", (e) => e.lang)).toBe("zh-CN");
    expect(await tab.$eval("#tab-calls", (e) => e.textContent)).toBe("调用");
    expect(await violations(tab)).toEqual([]);
    await tab.close();
  });

  it("prints its step, without the controls", async () => {
    const tab = await open(page("binary_search", "binary_search([1, 3, 5], 4)"), { hash: "#step=5" });
    await tab.emulateMediaType("print");
    expect(await tab.$eval(".controls", (e) => getComputedStyle(e).display)).toBe("none");
    expect(await tab.$eval(".state", (e) => getComputedStyle(e).display)).not.toBe("none");
    expect((await tab.pdf()).length).toBeGreaterThan(5000);
    await tab.close();
  });

  it("of a long run is opened piece by piece, and any step of it is at hand", async () => {
    const program = "def count(n):\n    total = 0\n    seen = []\n    for i in range(n):\n        total += i\n        if i % 1000 == 0:\n            seen.append(i)\n    return total\n";
    const tab = await open(page(program, "count(20000)", ["--time-limit", "60"]), { hash: "#step=45000" });
    expect(await position(tab)).toBe(45000);
    const shown = await tab.$eval(".state", (e) => e.textContent);
    for (const step of [0, 59_000, 100, 45000]) await go(tab, step);
    expect(await tab.$eval(".state", (e) => e.textContent)).toBe(shown);
    await tab.close();
  });

  it("of a run without events says so", async () => {
    const tab = await browser.newPage();
    await tab.goto("file://" + page("import os\n\ndef f():\n    pass\n", "len([])"));
    await tab.waitForSelector("[data-ready]");
    await tab.close();
  });
});
