// Python expressions over one recorded state, by our own walker: nothing of the page is ever executed.

import type { SyntaxNode } from "@lezer/common";
import { children, selector, type Text } from "./python";
import { ENUM, ITEMS, MEMBERS, NAMED, OBJECT, PAIRS, type State, type Thing } from "./state";
import { isObject, objectOf, ofInt, quoted, type Texts, unquoted, type V } from "./values";

export type J = number | boolean | null | string | Held | J[];

/** An object of the run, or an atom that has no equal here (a fraction, a long integer). */
export class Held {
  constructor(readonly value: V) {}
}

export class Unknown extends Error {}

export class Scope {
  constructor(readonly state: State, readonly texts: Texts, private readonly names: (name: string) => V | undefined) {}

  name(name: string): J {
    const value = this.names(name);
    if (value === undefined) throw new Unknown(name);
    return this.read(value);
  }

  read(value: V): J {
    if (isObject(value)) return new Held(value);
    const text = this.texts.atom(value);
    if (text === "None") return null;
    if (text === "True" || text === "False") return text === "True";
    if (/^-?\d+$/.test(text) && Number.isSafeInteger(Number(text))) return Number(text);
    if (/^-?(\d+\.\d*|\.\d+|\d+)(e[+-]?\d+)?$/i.test(text)) return Number(text);
    return unquoted(text) ?? new Held(value);
  }

  thing(held: Held): Thing | undefined {
    return isObject(held.value) ? this.state.things.get(objectOf(held.value)) : undefined;
  }

  /** The parts of a container, for loops over it: the keys of a mapping. */
  items(value: J): J[] {
    if (Array.isArray(value)) return value;
    if (typeof value === "string") return [...value];
    const thing = value instanceof Held ? this.thing(value) : undefined;
    if (!thing) throw new Unknown("items");
    if (thing.kind === ITEMS || thing.kind === MEMBERS) return thing.items.map((v) => this.read(v));
    if (thing.kind === PAIRS) return thing.items.filter((_, n) => n % 2 === 0).map((v) => this.read(v));
    if (thing.kind === NAMED) return thing.items.filter((_, n) => n % 2 === 1).map((v) => this.read(v));
    throw new Unknown("items");
  }

  attribute(value: J, name: string): J {
    const thing = value instanceof Held ? this.thing(value) : undefined;
    if (thing && (thing.kind === OBJECT || thing.kind === NAMED)) {
      for (let k = 0; k < thing.items.length; k += 2) {
        if (this.read(thing.items[k]) === name) return this.read(thing.items[k + 1]);
      }
    }
    if (thing && thing.kind === ENUM && (name === "name" || name === "value")) return this.read(thing.items[name === "name" ? 0 : 1]);
    throw new Unknown(name);
  }

  item(value: J, key: J): J {
    const thing = value instanceof Held ? this.thing(value) : undefined;
    if (thing?.kind === PAIRS) {
      for (let k = 0; k < thing.items.length; k += 2) if (this.equal(this.read(thing.items[k]), key)) return this.read(thing.items[k + 1]);
      throw new Unknown("key");
    }
    if (typeof key === "boolean") key = Number(key);
    const items = this.items(value);
    if (typeof key !== "number" || !Number.isInteger(key)) throw new Unknown("index");
    const at = key < 0 ? key + items.length : key;
    if (at < 0 || at >= items.length) throw new Unknown("index");
    return items[at];
  }

  equal(a: J, b: J, depth = 0): boolean {
    if (depth > 30) throw new Unknown("deep");
    if (typeof a === "boolean") a = Number(a);
    if (typeof b === "boolean") b = Number(b);
    if (a instanceof Held && b instanceof Held && a.value === b.value) return true;
    const one = this.parts(a);
    const two = this.parts(b);
    if (one && two) {
      return one[0] === two[0] && one[1].length === two[1].length && one[1].every((x, n) => this.equal(x, two[1][n], depth + 1));
    }
    if (a instanceof Held || b instanceof Held) {
      if (one || two || !(a instanceof Held) || !(b instanceof Held)) return false;
      if (!isObject(a.value) && !isObject(b.value)) return false;
      throw new Unknown("equality");
    }
    return !one && !two && a === b;
  }

  private parts(value: J): [string, J[]] | null {
    if (Array.isArray(value)) return ["items", value];
    const thing = value instanceof Held ? this.thing(value) : undefined;
    if (!thing) return null;
    if (thing.kind === ITEMS) return ["items", this.items(value)];
    if (thing.kind === PAIRS || thing.kind === MEMBERS) {
      const rows: [string, J][] = [];
      const width = thing.kind === PAIRS ? 2 : 1;
      for (let k = 0; k < thing.items.length; k += width) {
        rows.push([this.text(this.read(thing.items[k])), width === 2 ? [this.read(thing.items[k]), this.read(thing.items[k + 1])] : this.read(thing.items[k])]);
      }
      return [width === 2 ? "pairs" : "members", rows.sort((x, y) => (x[0] < y[0] ? -1 : 1)).map((row) => row[1])];
    }
    return null;
  }

  /** Python literal text. */
  text(value: J, depth = 0): string {
    if (value === null) return "None";
    if (typeof value === "boolean") return value ? "True" : "False";
    if (typeof value === "string") return quoted(value);
    if (typeof value === "number") return String(value);
    if (Array.isArray(value)) return `[${value.map((v) => this.text(v, depth + 1)).join(", ")}]`;
    return literal(this.texts, this.state, value.value, depth);
  }
}

/** A value in a few words: as its literal, but of an object only its own plain attributes. */
export function brief(texts: Texts, state: State, value: V): string {
  const thing = isObject(value) ? state.things.get(objectOf(value)) : undefined;
  if (thing?.kind !== OBJECT) return literal(texts, state, value);
  const plain: string[] = [];
  let hidden = false;
  for (let k = 0; k + 1 < thing.items.length; k += 2) {
    const inner = isObject(thing.items[k + 1]) ? state.things.get(objectOf(thing.items[k + 1])) : undefined;
    if (inner?.kind === OBJECT || (k > 0 && texts.atom(thing.items[k + 1]) === "None")) hidden ||= inner?.kind === OBJECT;
    else plain.push(`${unquoted(texts.atom(thing.items[k])) ?? ""}=${literal(texts, state, thing.items[k + 1], 2)}`);
  }
  return `${texts.text(thing.cls)}(${[...plain, ...(hidden ? ["…"] : [])].join(", ")})`;
}

/** A recorded value as Python writes it, cut where it is long. */
export function literal(texts: Texts, state: State, value: V, depth = 0): string {
  if (!isObject(value)) return texts.atom(value);
  const thing = state.things.get(objectOf(value));
  if (!thing || depth > 4) return "...";
  const cls = texts.text(thing.cls);
  const inner = (v: V) => literal(texts, state, v, depth + 1);
  const shown = thing.items.slice(0, 60);
  const more = thing.items.length > 60 ? ", ..." : "";
  const pairs = (joint: string, bare = false) => {
    const rows: string[] = [];
    for (let k = 0; k + 1 < shown.length; k += 2) rows.push((bare ? unquoted(texts.atom(shown[k])) ?? inner(shown[k]) : inner(shown[k])) + joint + inner(shown[k + 1]));
    return rows.join(", ") + more;
  };
  const flat = () => shown.map(inner).join(", ") + more;
  switch (thing.kind) {
    case ITEMS:
      if (cls === "list") return `[${flat()}]`;
      if (cls === "tuple") return `(${flat()}${shown.length === 1 ? "," : ""})`;
      return `${cls}([${flat()}])`;
    case MEMBERS:
      if (cls === "set") return shown.length ? `{${flat()}}` : "set()";
      return `${cls}({${flat()}})`;
    case PAIRS:
      return cls === "dict" ? `{${pairs(": ")}}` : `${cls}({${pairs(": ")}})`;
    case OBJECT:
    case NAMED:
      return `${cls}(${pairs("=", true)})`;
    case ENUM:
      return `${cls}.${unquoted(inner(thing.items[0])) ?? ""}`;
    default:
      return `${cls}([${thing.items.slice(1, 60).map(inner).join(", ")}], shape=${unquoted(inner(thing.items[0])) ?? ""})`;
  }
}

export function evaluate(text: Text, node: SyntaxNode, scope: Scope): J {
  return new Walker(text, scope).value(node);
}

/** A value for later: what an expression gave, as one integer, where it has one. */
export function asValue(value: J, scope: Scope): V {
  if (typeof value === "number" && Number.isInteger(value) && Math.abs(value) < 1 << 30) return ofInt(value);
  if (value instanceof Held) return value.value;
  return scope.texts.value(scope.text(value));
}

class Walker {
  private steps = 0;

  constructor(private readonly text: Text, private readonly scope: Scope) {}

  value(node: SyntaxNode): J {
    if (++this.steps > 4000) throw new Unknown("long");
    const parts = children(node);
    const source = this.text.of(node);
    switch (node.name) {
      case "VariableName": return this.scope.name(source);
      case "Number": return number(source);
      case "Boolean": return source === "True";
      case "None": return null;
      case "String": return string(source);
      case "ParenthesizedExpression": return this.value(parts[1]);
      case "TupleExpression":
      case "ArrayExpression": return parts.slice(1, -1).filter((p) => p.name !== ",").map((p) => this.value(p));
      case "MemberExpression": return this.member(node);
      case "UnaryExpression": return this.unary(this.text.of(parts[0]), parts[1]);
      case "BinaryExpression": return this.binary(parts);
      case "ConditionalExpression": return truth(this.value(parts[2]), this.scope) ? this.value(parts[0]) : this.value(parts[4]);
      case "CallExpression": return this.call(parts);
    }
    throw new Unknown(node.name);
  }

  private member(node: SyntaxNode): J {
    const { holder, keys, isSlice, attribute } = selector(node);
    const value = this.value(holder);
    if (attribute) return this.scope.attribute(value, this.text.of(attribute));
    if (isSlice) return this.slice(node, value);
    if (keys.length !== 1) return this.scope.item(value, keys.map((key) => this.value(key)));
    return this.scope.item(value, this.value(keys[0]));
  }

  private slice(node: SyntaxNode, value: J): J {
    const bounds: (number | null)[] = [null];
    for (const part of children(node).slice(2, -1)) {
      if (part.name === ":") bounds.push(null);
      else {
        const bound = this.value(part);
        if (typeof bound !== "number") throw new Unknown("bound");
        bounds[bounds.length - 1] = bound;
      }
    }
    if (bounds.length > 2 && bounds[2] !== null && bounds[2] !== 1) throw new Unknown("step");
    const [from, to] = [bounds[0] ?? undefined, bounds[1] ?? undefined];
    if (typeof value === "string") return value.slice(from, to);
    return this.scope.items(value).slice(from, to);
  }

  private unary(operator: string, operand: SyntaxNode): J {
    const value = this.value(operand);
    if (operator === "not") return !truth(value, this.scope);
    const n = numeric(value);
    if (operator === "-") return -n;
    if (operator === "+") return n;
    if (operator === "~") return ~n;
    throw new Unknown(operator);
  }

  private binary(parts: SyntaxNode[]): J {
    const operator = parts.slice(1, -1).map((p) => this.text.of(p)).join(" ");
    if (operator === "and" || operator === "or") {
      const left = this.value(parts[0]);
      return truth(left, this.scope) === (operator === "and") ? this.value(parts[2]) : left;
    }
    const [first, last] = [parts[0], parts[parts.length - 1]];
    if (COMPARING.has(operator)) {
      // a < b < c: the left side is itself a comparison without brackets
      if (first.name === "BinaryExpression" && COMPARING.has(operatorOf(this.text, first))) {
        if (!truth(this.value(first), this.scope)) return false;
        return this.compare(operator, this.value(first.lastChild!), this.value(last));
      }
      return this.compare(operator, this.value(first), this.value(last));
    }
    return this.arithmetic(operator, this.value(first), this.value(last));
  }

  private compare(operator: string, a: J, b: J): boolean {
    switch (operator) {
      case "==": return this.scope.equal(a, b);
      case "!=": return !this.scope.equal(a, b);
      case "is": return same(a, b);
      case "is not": return !same(a, b);
      case "in": return this.within(a, b);
      case "not in": return !this.within(a, b);
    }
    const sign = this.order(a, b);
    return { "<": sign < 0, "<=": sign <= 0, ">": sign > 0, ">=": sign >= 0 }[operator] ?? unknown(operator);
  }

  private within(a: J, b: J): boolean {
    if (typeof b === "string") return typeof a === "string" && b.includes(a);
    return this.scope.items(b).some((item) => this.scope.equal(item, a));
  }

  private order(a: J, b: J): number {
    if (typeof a === "string" && typeof b === "string") return a < b ? -1 : a > b ? 1 : 0;
    if (isNumeric(a) && isNumeric(b)) return Number(a) - Number(b);
    const [one, two] = [this.scope.items(a), this.scope.items(b)];
    for (let k = 0; k < Math.min(one.length, two.length); k++) {
      if (!this.scope.equal(one[k], two[k])) return this.order(one[k], two[k]);
    }
    return one.length - two.length;
  }

  private arithmetic(operator: string, a: J, b: J): J {
    if (operator === "+" && typeof a === "string" && typeof b === "string") return a + b;
    const [x, y] = [numeric(a), numeric(b)];
    const result = (() => {
      switch (operator) {
        case "+": return x + y;
        case "-": return x - y;
        case "*": return x * y;
        case "/": return y ? x / y : unknown("zero");
        case "//": return y ? Math.floor(x / y) : unknown("zero");
        case "%": return y ? x - y * Math.floor(x / y) : unknown("zero");
        case "**": return x ** y;
        case "&": return x & y;
        case "|": return x | y;
        case "^": return x ^ y;
        case "<<": return x * 2 ** y;
        case ">>": return Math.floor(x / 2 ** y);
      }
      return unknown(operator);
    })();
    if (Number.isInteger(result) && !Number.isSafeInteger(result)) throw new Unknown("large");
    return result;
  }

  private call(parts: SyntaxNode[]): J {
    const name = this.text.of(parts[0]);
    const list = children(parts[1]).slice(1, -1).filter((p) => p.name !== ",");
    const values = list.map((p) => this.value(p));
    const numbers = () => (values.length === 1 ? this.scope.items(values[0]) : values);
    switch (name) {
      case "len": return size(values[0], this.scope);
      case "abs": return Math.abs(numeric(values[0]));
      case "min": return this.extreme(numbers(), -1);
      case "max": return this.extreme(numbers(), 1);
      case "sum": return this.scope.items(values[0]).reduce<number>((a, b) => a + numeric(b), 0);
      case "bool": return truth(values[0], this.scope);
      case "sorted": return [...this.scope.items(values[0])].sort((a, b) => this.order(a, b));
      case "reversed": return [...this.scope.items(values[0])].reverse();
      case "list": return this.scope.items(values[0]);
      case "any": return this.scope.items(values[0]).some((v) => truth(v, this.scope));
      case "all": return this.scope.items(values[0]).every((v) => truth(v, this.scope));
      case "range": {
        const [from, to] = values.length === 1 ? [0, numeric(values[0])] : [numeric(values[0]), numeric(values[1])];
        if (values.length > 2 || to - from > 10000) throw new Unknown("range");
        return Array.from({ length: Math.max(0, to - from) }, (_, k) => from + k);
      }
    }
    throw new Unknown(name);
  }

  private extreme(items: J[], sign: number): J {
    if (!items.length) throw new Unknown("empty");
    return items.reduce((a, b) => (this.order(b, a) * sign > 0 ? b : a));
  }
}

const COMPARING = new Set(["==", "!=", "<", "<=", ">", ">=", "is", "is not", "in", "not in"]);

export function operatorOf(text: Text, node: SyntaxNode): string {
  return children(node).slice(1, -1).map((p) => text.of(p)).join(" ");
}

export const isComparison = (operator: string): boolean => COMPARING.has(operator);

function unknown(what: string): never {
  throw new Unknown(what);
}

function number(source: string): number {
  const text = source.replace(/_/g, "");
  const n = /^0[xob]/i.test(text) ? Number(text) : parseFloat(text);
  if (!Number.isFinite(n) || /j$/i.test(text)) throw new Unknown(source);
  return n;
}

function string(source: string): string {
  return unquoted(source) ?? unknown(source);
}

const isNumeric = (value: J): value is number | boolean => typeof value === "number" || typeof value === "boolean";

function numeric(value: J): number {
  return isNumeric(value) ? Number(value) : unknown("number");
}

function same(a: J, b: J): boolean {
  if (a instanceof Held && b instanceof Held) return a.value === b.value;
  if (a === null || b === null || typeof a === "boolean" || typeof b === "boolean") return a === b;
  return unknown("identity");
}

function size(value: J, scope: Scope): number {
  if (typeof value === "string") return [...value].length;
  return scope.items(value).length;
}

export function truth(value: J, scope: Scope): boolean {
  if (value === null || value === false) return false;
  if (typeof value === "number") return value !== 0;
  if (typeof value === "string") return value !== "";
  if (Array.isArray(value)) return value.length > 0;
  if (value instanceof Held) {
    const thing = scope.thing(value);
    if (!thing) throw new Unknown("truth");
    return thing.kind === OBJECT ? true : thing.items.length > 0;
  }
  return true;
}
