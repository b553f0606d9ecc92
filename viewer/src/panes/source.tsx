// The source with the line of the step, counts, and what an explanation says of its lines.

import { classHighlighter, highlightTree } from "@lezer/highlight";
import type { JSX } from "preact";
import { useLayoutEffect, useMemo, useRef } from "preact/hooks";
import type { Facts } from "../model/facts";
import type { Run } from "../model/run";
import { LINE } from "../model/state";
import { useLabels } from "../pictures/context";

const MOST_LINES = 700;

/** Events of `line` kind by file and line, so that they can be counted up to any step. */
export class Counts {
  private readonly events = new Map<string, number[]>();

  constructor(run: Run) {
    for (let i = 0; i < run.count; i++) {
      if (run.kinds[i] !== LINE) continue;
      const place = run.place(i);
      const key = `${place.file}:${place.line}`;
      const list = this.events.get(key);
      if (list) list.push(i);
      else this.events.set(key, [i]);
    }
  }

  /** Executions of a line up to event `i`, and in all. */
  of(file: number, line: number, i: number): [number, number] {
    const list = this.events.get(`${file}:${line}`) ?? [];
    let low = 0;
    let high = list.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (list[middle] <= i) low = middle + 1;
      else high = middle;
    }
    return [low, list.length];
  }
}

type Piece = [string, string];

/** Lines of a file as pieces with classes. */
function coloured(facts: Facts, file: number, lines: string[]): Piece[][] {
  const text = facts.text(file);
  const rows: Piece[][] = [];
  if (!text) return lines.map((line) => [[line, ""]]);
  const marks: [number, number, string][] = [];
  highlightTree(text.tree, classHighlighter, (from, to, classes) => marks.push([from, to, classes]));
  let next = 0;
  let offset = 0;
  for (const line of lines) {
    const end = offset + line.length;
    const row: Piece[] = [];
    let at = offset;
    while (next < marks.length && marks[next][0] < end) {
      const [from, to, classes] = marks[next];
      if (from > at) row.push([text.text.slice(at, from), ""]);
      row.push([text.text.slice(Math.max(at, from), Math.min(to, end)), classes]);
      at = Math.min(to, end);
      if (to > end) break;
      next++;
    }
    if (at < end) row.push([text.text.slice(at, end), ""]);
    rows.push(row);
    offset = end + 1;
    while (next < marks.length && marks[next][1] <= offset) next++;
  }
  return rows;
}

export interface SourceProps {
  run: Run;
  facts: Facts;
  counts: Counts;
  i: number;
  said: Map<number, { text: string; status: string }[]>;
  go: (event: number) => void;
}

export function Source({ run, facts, counts, i, said, go }: SourceProps): JSX.Element {
  const say = useLabels();
  const place = run.place(i);
  const box = useRef<HTMLDivElement>(null);
  const [name, lines] = run.whole.files[place.file] ?? ["", []];
  const rows = useMemo(() => coloured(facts, place.file, lines), [place.file]);
  const callers = new Set(run.state(i).stack().slice(0, -1).map((a) => lastLine(run, a, i)).filter(([file]) => file === place.file).map(([, line]) => line));
  useLayoutEffect(() => {
    const pane = box.current;
    const row = pane?.querySelector<HTMLElement>(".line.now");
    if (!pane || !row || pane.scrollHeight <= pane.clientHeight) return;
    const [top, bottom] = [row.offsetTop - pane.scrollTop, row.offsetTop + row.offsetHeight - pane.scrollTop];
    if (top < 48 || bottom > pane.clientHeight - 48) pane.scrollTop = row.offsetTop - pane.clientHeight * 0.4;
  }, [i]);
  const from = lines.length > MOST_LINES ? Math.max(0, place.line - MOST_LINES / 2) : 0;
  const last = Math.min(lines.length, from + MOST_LINES);
  const width = String(last).length;
  return (
    <section class="source" aria-label={say("source", { name })}>
      <h2>{name}</h2>
      <div class="lines" ref={box} tabIndex={0} role="group" aria-label={say("source", { name })}>
        <ol class={`digits${width}`}>
          {rows.slice(from, last).map((row, n) => {
            const line = from + n + 1;
            const now = line >= place.line && line <= place.end;
            const [sofar, all] = counts.of(place.file, line, i);
            const notes = place.file === run.whole.spoken ? said.get(line) : undefined;
            return (
              <li key={line} class={`line${now ? " now" : ""}${callers.has(line) ? " caller" : ""}${all && !sofar ? " later" : ""}`} aria-current={line === place.line ? "step" : undefined}>
                <span class="number">{line}</span>
                <span class="count" title={all ? say("counts", { done: sofar, all }) : undefined}>{all ? (sofar === all ? `${all}×` : `${sofar}/${all}`) : ""}</span>
                <span class="mark" aria-hidden="true">{notes ? <span class={notes.every((s) => s.status === "verified") ? "verified" : "open"}>{notes.every((s) => s.status === "verified") ? "✓" : "?"}</span> : ""}</span>
                {all > 0
                  ? <button type="button" class="code" tabIndex={-1} onClick={() => go(nextAt(run, place.file, line, i))}><Code row={row} /></button>
                  : <span class="code"><Code row={row} /></span>}
              </li>
            );
          })}
        </ol>
      </div>
      {said.size > 0 && place.file === run.whole.spoken && <Said notes={said.get(place.line) ?? []} line={place.line} />}
    </section>
  );
}

function Code({ row }: { row: Piece[] }): JSX.Element {
  return <>{row.length ? row.map(([text, classes], n) => (classes ? <span key={n} class={classes}>{text}</span> : text)) : " "}</>;
}

function Said({ notes, line }: { notes: { text: string; status: string }[]; line: number }): JSX.Element {
  const say = useLabels();
  return (
    <aside class="said" aria-label={say("said", { line })}>
      {notes.length === 0 && <p class="soft">{say("said.nothing", { line })}</p>}
      {notes.map((note) => <p key={note.text} class={note.status}><span class="verdict">{note.status === "verified" ? "✓" : "?"}</span> {note.text.replace(/`/g, "")}</p>)}
    </aside>
  );
}

function lastLine(run: Run, activation: number, i: number): [number, number] {
  let last = run.entered[activation];
  for (let k = last; k >= 0 && k <= i; k = run.nextOwn[k]) last = k;
  return last < 0 ? [-1, -1] : [run.place(last).file, run.place(last).line];
}

/** The next step of a line after event `i`, around the end if there is none. */
export function nextAt(run: Run, file: number, line: number, i: number): number {
  for (let n = 1; n <= run.count; n++) {
    const k = (i + n) % run.count;
    const place = run.place(k);
    if (run.kinds[k] === LINE && place.file === file && place.line === line) return k;
  }
  return i;
}
