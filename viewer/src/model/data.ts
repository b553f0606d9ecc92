// The documents of a page: what they hold, and how they come out of its script elements.

export interface Whole {
  lang: string;
  labels: Record<string, string | Record<string, string>>;
  title: string;
  outcome: string;
  good: boolean;
  complete: boolean;
  subtitle: string;
  notes: string[];
  files: [string, string[]][];
  functions: [string, number][];
  /** function, kind, line, column, first place of the body, last line of the header, loops around */
  places: [number, string, number, number, number, number, number[]][];
  starts: number[];
  kinds: number[];
  placed: number[];
  activations: number[];
  threads: [number, number][];
  output: [number, string, string][];
  watched: Record<string, string[]>;
  texts: string[];
  /** the file that an explanation is about, and what it says of its lines */
  spoken: number;
  said: [number, string, string][] | null;
}

export interface Part {
  opening: number[];
  stacks: number[][];
  sizes: number[];
  flat: number[];
  values: number[];
}

export type Source = (part: string) => Promise<unknown>;

export async function inflated(base64: string): Promise<unknown> {
  const binary = atob(base64);
  const bytes = new Uint8Array(binary.length);
  for (let i = 0; i < binary.length; i++) bytes[i] = binary.charCodeAt(i);
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return JSON.parse(await new Response(stream).text());
}

/** Reads the data elements of one viewer of the page. */
export function pageSource(page: Document, key: string): Source {
  return (part) => {
    const element = page.querySelector(`script[data-of="${key}"][data-part="${part}"]`);
    if (!element) return Promise.reject(new Error(`no part ${part}`));
    return inflated(element.textContent ?? "");
  };
}
