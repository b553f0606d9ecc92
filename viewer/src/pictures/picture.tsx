// A value drawn as what it is.

import type { JSX } from "preact";
import type { Cell, Mark, Picture } from "../model/scene";
import { short } from "../model/scope";
import { useLabels } from "./context";
import { Links, HeapTree, Network } from "./nodes";

export function Draw({ picture, hidden }: { picture: Picture; hidden?: boolean }): JSX.Element {
  switch (picture.kind) {
    case "atom": return <Atom text={picture.text} type={picture.type} limit={hidden ? 0 : 200} />;
    case "text":
    case "cells": return <Cells picture={picture} />;
    case "grid": return <Grid picture={picture} />;
    case "members": return <Members picture={picture} />;
    case "pairs": return <Pairs picture={picture} />;
    case "object": return <Card picture={picture} />;
    case "network": return <Network picture={picture} />;
    case "links": return <Links picture={picture} />;
    case "same": return <Same text={picture.text} />;
  }
}

export function Atom({ text, type, limit = 28 }: { text: string; type: string; limit?: number }): JSX.Element {
  const shown = limit ? short(text, limit) : text;
  return <span class={`atom ${type}`} title={shown === text ? undefined : text}>{shown}</span>;
}

function Same({ text }: { text: string }): JSX.Element {
  const say = useLabels();
  return <span class="same" title={say("same", { name: text })}><span aria-hidden="true">≡ </span><span class="sr">{say("same", { name: "" })}</span>{text}</span>;
}

const touch = (cell: Cell): string => (cell.changed ? " changed" : "") + (cell.read ? " read" : "");

function Inner({ picture }: { picture: Picture }): JSX.Element {
  return picture.kind === "atom" ? <Atom text={picture.text} type={picture.type} /> : <Draw picture={picture} />;
}

/** Each variable has a lane of its own under the cells: names never meet, and nothing moves to make room. */
function Pills({ marks, slots }: { marks: Mark[]; slots: number }): JSX.Element | null {
  if (!slots) return null;
  return <span class="pills">{marks.map((m) => <span key={m.text} class={`pill hue${m.hue} lane${m.lane}`}>{m.text}</span>)}</span>;
}

/** How many marks may stand under one cell, so that their coming and going moves nothing. */
const depthOf = (slots: number): number => Math.min(slots, 5);

function Cells({ picture }: { picture: Extract<Picture, { kind: "cells" | "text" }> }): JSX.Element {
  const say = useLabels();
  const { cells, marks, size, slots } = picture;
  const isText = picture.kind === "text";
  const cls = isText ? "str" : picture.cls;
  const under = (at: number) => marks.filter((m) => m.at === at);
  const past = marks.filter((m) => m.at === size);
  const before = marks.filter((m) => m.at === -1);
  let last = -1;
  return (
    <div class="stacked"><div class={`sequence ${cls === "tuple" ? "tuple" : ""}${isText ? " letters" : ""}${slots ? " marked" : ""} depth${depthOf(slots)}`} role="group" aria-label={say("sequence", { kind: cls, count: size })}>
      {slots > 0 && <Ghost marks={before} at={-1} />}
      {size === 0 && <span class="empty">{isText ? "''" : say("empty", { kind: cls })}</span>}
      {cells.map((cell) => {
        const gap = cell.at > last + 1 ? cell.at - last - 1 : 0;
        last = cell.at;
        return (
          <>
            {gap > 0 && <span class="gap" key={`gap${cell.at}`}>{say("more", { count: gap })}</span>}
            <span class="slot" key={cell.at}>
              <span class={`cell${touch(cell)}`}><Inner picture={cell.picture} /></span>
              <span class="at">{cell.at}</span>
              <Pills marks={under(cell.at)} slots={slots} />
            </span>
          </>
        );
      })}
      {last >= 0 && last < size - 1 && <span class="gap">{say("more", { count: size - 1 - last })}</span>}
      {slots > 0 && <Ghost marks={past} at={size} />}
      {!isText && picture.cls === "deque" && <span class="kind">deque</span>}
    </div>
      {!isText && picture.heap && size > 0 && <HeapTree cells={cells} size={size} />}
    </div>
  );
}

function Ghost({ marks, at }: { marks: Mark[]; at: number }): JSX.Element {
  return <span class={`slot ghost${marks.length ? " used" : ""}`} aria-hidden={marks.length ? undefined : "true"}><span class="cell" /><span class="at">{marks.length ? at : ""}</span><Pills marks={marks} slots={1} /></span>;
}

function Grid({ picture }: { picture: Extract<Picture, { kind: "grid" }> }): JSX.Element {
  const say = useLabels();
  const { rows, columns, rowMarks, columnMarks, slots, size } = picture;
  const inRow = new Set(rowMarks.map((m) => m.at));
  const inColumn = new Set(columnMarks.map((m) => m.at));
  const skipped = (list: number[], n: number) => n > 0 && list[n] !== list[n - 1] + 1;
  return (
    <div class="scroller" tabIndex={columns.length > 10 ? 0 : undefined} role={columns.length > 10 ? "region" : undefined} aria-label={columns.length > 10 ? say("grid", { rows: size[0], columns: size[1] }) : undefined}>
      <table class="grid">
        <caption class="sr">{say("grid", { rows: size[0], columns: size[1] })}</caption>
        <thead>
          <tr>
            <td class={slots[0] ? "corner wide" : "corner"} />
            {columns.map((c, n) => (
              <th key={c} scope="col" class={(inColumn.has(c) ? "used" : "") + (skipped(columns, n) ? " skip" : "")}>
                {slots[1] > 0 && <span class="pills">{columnMarks.filter((m) => m.at === c).map((m) => <span key={m.text} class={`pill hue${m.hue}`}>{m.text}</span>)}</span>}
                {c}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, n) => (
            <tr key={row.at} class={(inRow.has(row.at) ? "used" : "") + (skipped(rows.map((r) => r.at), n) ? " skip" : "")}>
              <th scope="row"><span class="pills">{rowMarks.filter((m) => m.at === row.at).map((m) => <span key={m.text} class={`pill hue${m.hue}`}>{m.text}</span>)}</span>{row.at}</th>
              {row.cells.map((cell) => (
                <td key={cell.at} class={(inColumn.has(cell.at) ? "used" : "") + touch(cell)}><Inner picture={cell.picture} /></td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Members({ picture }: { picture: Extract<Picture, { kind: "members" }> }): JSX.Element {
  const say = useLabels();
  const { cells, size, cls } = picture;
  return (
    <div class="members" role="group" aria-label={say("sequence", { kind: cls, count: size })}>
      {size === 0 && <span class="empty">{say("empty", { kind: cls })}</span>}
      {cells.map((cell) => <span key={cell.at} class={`cell${touch(cell)}`}><Inner picture={cell.picture} /></span>)}
      {cells.length < size && <span class="gap">{say("more", { count: size - cells.length })}</span>}
    </div>
  );
}

function Pairs({ picture }: { picture: Extract<Picture, { kind: "pairs" }> }): JSX.Element {
  const say = useLabels();
  const { rows, size, cls } = picture;
  const wide = rows.some((row) => row.cell.picture.kind !== "atom");
  return (
    <div class={`pairs${wide ? " wide" : ""}`} role="group" aria-label={say("sequence", { kind: cls, count: size })}>
      {size === 0 && <span class="empty">{say("empty", { kind: cls })}</span>}
      {rows.map((row) => (
        <span key={row.key} class={`pair${touch(row.cell)}`}>
          <span class="key" title={row.key}>{short(row.key, 24)}</span>
          <span class="held"><Inner picture={row.cell.picture} /></span>
        </span>
      ))}
      {rows.length < size && <span class="gap">{say("more", { count: size - rows.length })}</span>}
    </div>
  );
}

function Card({ picture }: { picture: Extract<Picture, { kind: "object" }> }): JSX.Element {
  return (
    <div class="object">
      <span class="class">{picture.cls}</span>
      {picture.rows.map((row) => (
        <div key={row.key} class={`attribute${touch(row.cell)}`}>
          <span class="key">{row.key}</span>
          <span class="held"><Inner picture={row.cell.picture} /></span>
        </div>
      ))}
    </div>
  );
}
