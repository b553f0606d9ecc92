// Python source as a tree: parsed by Lezer, read by name of node, evaluated over recorded values.

import type { SyntaxNode, Tree } from "@lezer/common";
import { parser } from "@lezer/python";

export class Text {
  readonly tree: Tree;
  private readonly starts: number[] = [0];

  constructor(readonly text: string) {
    this.tree = parser.parse(text);
    for (let i = 0; i < text.length; i++) if (text[i] === "\n") this.starts.push(i + 1);
  }

  of(node: SyntaxNode): string {
    return this.text.slice(node.from, node.to);
  }

  /** Where a line begins and ends; lines count from 1. */
  line(number: number): [number, number] {
    const from = this.starts[number - 1] ?? this.text.length;
    const next = this.starts[number];
    return [from, next === undefined ? this.text.length : next - 1];
  }

  lineAt(offset: number): number {
    let low = 0;
    let high = this.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.starts[middle] <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }

  /** The statement that begins at a line and column (code points), as the recorder names them. */
  statement(line: number, column: number): SyntaxNode | null {
    const [from, to] = this.line(line);
    const offset = from + [...this.text.slice(from, to)].slice(0, column).join("").length;
    for (let node: SyntaxNode | null = this.tree.resolveInner(offset, 1); node; node = node.parent) {
      if (node.from < offset && !CLAUSES.has(node.name)) break;
      if (STATEMENTS.has(node.name) && node.from <= offset && (node.from === offset || CLAUSES.has(node.name))) return node;
    }
    return null;
  }
}

const CLAUSES = new Set(["IfStatement"]);
const STATEMENTS = new Set(
  ("AssignStatement UpdateStatement ExpressionStatement ReturnStatement IfStatement WhileStatement ForStatement " +
    "AssertStatement DeleteStatement RaiseStatement YieldStatement WithStatement FunctionDefinition ClassDefinition " +
    "DecoratedStatement TryStatement PassStatement BreakStatement ContinueStatement ImportStatement ScopeStatement " +
    "MatchStatement").split(" "),
);

export function children(node: SyntaxNode): SyntaxNode[] {
  const found: SyntaxNode[] = [];
  for (let child = node.firstChild; child; child = child.nextSibling) found.push(child);
  return found;
}

/** The test or iterable in the header of a compound statement; of an `elif` the one on its own line. */
export function headerParts(text: Text, node: SyntaxNode, line: number): SyntaxNode[] {
  const parts = children(node);
  if (node.name === "IfStatement") {
    const words = parts.filter((p) => p.name === "if" || p.name === "elif");
    const word = words.find((p) => text.lineAt(p.from) === line) ?? words[0];
    const at = parts.findIndex((p) => p.from === word?.from);
    return at >= 0 && parts[at + 1] ? [parts[at + 1]] : [];
  }
  const body = parts.findIndex((p) => p.name === "Body");
  return parts.slice(1, body < 0 ? undefined : body).filter((p) => !MARKS.has(p.name));
}

const MARKS = new Set(["in", ",", ":", "(", ")", "as", "async", "is", "not", "AssignOp", "UpdateOp", "TypeDef", "def"]);

/** Targets and values of an assignment: `a, b = b, a` gives [[a, b], [b, a]]. */
export function sides(node: SyntaxNode): [SyntaxNode[], SyntaxNode[]] {
  const groups: SyntaxNode[][] = [[]];
  for (const part of children(node)) {
    if (part.name === "AssignOp" || part.name === "UpdateOp") groups.push([]);
    else if (part.name !== "," && part.name !== "TypeDef") groups[groups.length - 1].push(part);
  }
  return [groups.slice(0, -1).flat(), groups[groups.length - 1]];
}

export function isPath(node: SyntaxNode): boolean {
  return node.name === "VariableName" || (node.name === "MemberExpression" && !!node.firstChild && isPath(node.firstChild));
}

export function rootName(text: Text, node: SyntaxNode): string {
  let inner: SyntaxNode = node;
  while (inner.name === "MemberExpression" && inner.firstChild) inner = inner.firstChild;
  return inner.name === "VariableName" ? text.of(inner) : "";
}

/** The parts of `xs[a:b]`, `xs[i]` and `x.name`: the holder and what selects. */
export function selector(node: SyntaxNode): { holder: SyntaxNode; keys: SyntaxNode[]; isSlice: boolean; attribute: SyntaxNode | null } {
  const [holder, ...rest] = children(node);
  const attribute = rest.find((p) => p.name === "PropertyName") ?? null;
  const isSlice = rest.some((p) => p.name === ":");
  const keys = rest.filter((p) => !["[", "]", ":", ",", ".", "PropertyName"].includes(p.name));
  return { holder, keys, isSlice, attribute };
}

/** Every variable path that an expression reads, outermost first: `xs[i - 1]` before `i`. */
export function paths(node: SyntaxNode, found: SyntaxNode[] = []): SyntaxNode[] {
  if (SCOPES.has(node.name)) return found;
  if (isPath(node)) {
    const callee = node.parent?.name === "CallExpression" && node.parent.firstChild?.from === node.from && node.parent.firstChild.to === node.to;
    if (callee) {
      if (node.name === "MemberExpression") paths(node.firstChild!, found);
      return found;
    }
    found.push(node);
    for (let p: SyntaxNode = node; p.name === "MemberExpression"; p = p.firstChild!) {
      selector(p).keys.forEach((key) => paths(key, found));
    }
    return found;
  }
  for (const child of children(node)) if (child.name !== "Body" && child.name !== "PropertyName") paths(child, found);
  return found;
}

const SCOPES = new Set(
  ["LambdaExpression", "ArrayComprehensionExpression", "ComprehensionExpression", "DictionaryComprehensionExpression", "SetComprehensionExpression"],
);
