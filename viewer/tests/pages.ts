// Pages of real runs, written by the command itself, and their documents.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { inflateRawSync } from "node:zlib";
import type { Whole } from "../src/model/data";
import { Facts } from "../src/model/facts";
import { Run } from "../src/model/run";

const ROOT = resolve(import.meta.dirname, "../..");
const FOLDER = mkdtempSync(join(tmpdir(), "viewer-pages-"));
const PYTHON = process.env.PYTHON ?? "python3";

let count = 0;

/** The page of a call in a program that is given as text, or of an example by its name. */
export function page(program: string, call: string, extra: string[] = [], environment: Record<string, string> = {}): string {
  let path = join(ROOT, "examples", `${program}.py`);
  if (program.includes("\n")) {
    path = join(FOLDER, `program${++count}.py`);
    writeFileSync(path, program);
  }
  const out = join(FOLDER, `page${++count}.html`);
  const target = call ? ["--call", call] : [];
  execFileSync(PYTHON, ["-m", "codeassist", "trace", path, ...target, "--format", "html", "--output", out, ...extra], {
    cwd: ROOT, env: { ...process.env, ...environment }, stdio: ["ignore", "ignore", "inherit"],
  });
  return out;
}

export interface Loaded {
  run: Run;
  facts: Facts;
}

/** A run as the page would have it, every part of it loaded. */
export async function loaded(path: string): Promise<Loaded> {
  const parts = new Map<string, unknown>();
  for (const [, name, data] of readFileSync(path, "utf8").matchAll(/data-part="(\w+)">([^<]*)</g)) {
    parts.set(name, JSON.parse(inflateRawSync(Buffer.from(data, "base64")).toString()));
  }
  const run = new Run(parts.get("whole") as Whole, (part) => Promise.resolve(parts.get(part)));
  for (const start of run.whole.starts.slice(0, 6)) await run.load(start);
  return { run, facts: new Facts(run) };
}
