// A value is one integer: 3n a small number (zigzag), 3n+1 the n-th literal text, 3n+2 object n.

export type V = number;

export const ofObject = (number: number): V => 3 * number + 2;
export const isObject = (v: V): boolean => v % 3 === 2;
export const objectOf = (v: V): number => (v - 2) / 3;
export const isSmall = (v: V): boolean => v % 3 === 0;

export function ofInt(n: number): V {
  return 3 * (n >= 0 ? 2 * n : -2 * n - 1);
}

export function intOf(v: V): number {
  const n = v / 3;
  return n % 2 === 0 ? n / 2 : -(n + 1) / 2;
}

/** Literal texts, each once; queries may add some of their own. */
export class Texts {
  private known = new Map<string, number>();

  constructor(readonly rows: string[]) {
    rows.forEach((text, n) => this.known.set(text, n));
  }

  text(n: number): string {
    return this.rows[n];
  }

  /** The number of a text, or -1. */
  find(text: string): number {
    return this.known.get(text) ?? -1;
  }

  value(text: string): V {
    let n = this.known.get(text);
    if (n === undefined) {
      n = this.rows.length;
      this.rows.push(text);
      this.known.set(text, n);
    }
    return 3 * n + 1;
  }

  /** The literal of an atom; of an object nothing. */
  atom(v: V): string {
    return isSmall(v) ? String(intOf(v)) : isObject(v) ? "" : this.rows[(v - 1) / 3];
  }
}

/** What a Python string literal stands for, or null when the text is none. */
export function unquoted(literal: string): string | null {
  const match = /^[uU]?(['"])([\s\S]*)\1$/.exec(literal);
  if (!match) return null;
  return match[2].replace(/\\(x[0-9a-f]{2}|u[0-9a-f]{4}|U[0-9a-f]{8}|[\s\S])/gi, (whole, code: string) => {
    if (/^[xuU]./.test(code) && code.length > 1) return String.fromCodePoint(parseInt(code.slice(1), 16));
    return { n: "\n", t: "\t", r: "\r" }[code] ?? (/[\\'"]/.test(code) ? code : whole);
  });
}

/** A Python string literal for a text. */
export function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const inner = text.replace(/[\\\n\t\r]/g, (c) => ({ "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r" })[c]!);
  return quote + (quote === "'" ? inner.replace(/'/g, "\\'") : inner) + quote;
}
