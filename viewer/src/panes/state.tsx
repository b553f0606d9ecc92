// The call stack with the variables of the activation that runs, each drawn as what it is.

import type { JSX } from "preact";
import { useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Frame, Row, Scene } from "../model/scene";
import { Atom, Draw } from "../pictures/picture";
import { useLabels } from "../pictures/context";

export interface StateProps {
  scene: Scene;
  open: (activation: number) => void;
  ask: (activation: number, name: string) => void;
  secret: string;
}

export function StatePane(props: StateProps): JSX.Element {
  const say = useLabels();
  const box = useRef<HTMLDivElement>(null);
  const [wires, setWires] = useState<Wire[]>([]);
  useLayoutEffect(() => {
    const next = box.current ? measured(box.current, props.scene) : [];
    setWires((old) => (JSON.stringify(old) === JSON.stringify(next) ? old : next));
  });
  return (
    <section class="state" aria-label={say("state")} ref={box}>
      {props.scene.frames.map((frame) => <FrameBox key={frame.activation} frame={frame} {...props} />)}
      {props.scene.hidden > 0 && <p class="soft">{say("frames.more", { count: props.scene.hidden })}</p>}
      <svg class="wires" aria-hidden="true">
        {wires.map((wire) => <path key={`${wire.from}:${wire.to}`} d={wire.path} />)}
        {wires.map((wire) => <path key={`t${wire.from}:${wire.to}`} class="head" d={`M${wire.x} ${wire.y}l-7 -4v8z`} />)}
      </svg>
    </section>
  );
}

interface Wire {
  from: number;
  to: number;
  path: string;
  x: number;
  y: number;
}

/** Lines in the gutter from a name to the row that shows its object. */
function measured(box: HTMLElement, scene: Scene): Wire[] {
  const rows = scene.frames.flatMap((f) => f.rows);
  const top = box.getBoundingClientRect();
  const spot = (id: number) => {
    const element = box.querySelector(`[data-row="${id}"]`);
    const rect = element?.getBoundingClientRect();
    return rect ? { x: rect.left - top.left - 4, y: rect.top - top.top + Math.min(16, rect.height / 2) } : null;
  };
  const wires: Wire[] = [];
  rows.filter((r) => r.refers !== null).forEach((row, lane) => {
    const [from, to] = [spot(row.id), spot(row.refers!)];
    if (!from || !to) return;
    const x = Math.min(from.x, to.x) - 5 - (lane % 3) * 4;
    wires.push({ from: row.id, to: row.refers!, x: to.x - 1, y: to.y, path: `M${from.x - 2} ${from.y}H${x + 3}Q${x} ${from.y} ${x} ${from.y + (to.y < from.y ? -3 : 3)}V${to.y + (to.y < from.y ? 3 : -3)}Q${x} ${to.y} ${x + 3} ${to.y}H${to.x - 6}` });
  });
  return wires;
}

function FrameBox({ frame, open, ask, secret }: { frame: Frame } & StateProps): JSX.Element {
  const say = useLabels();
  const title = frame.activation < 0 ? say("globals") : frame.title;
  const small = frame.rows.filter((row) => isSmall(row));
  const large = frame.rows.filter((row) => !isSmall(row));
  const draw = (row: Row) => <RowBox key={row.names.map((n) => n.text).join()} row={row} frame={frame} ask={ask} secret={secret} />;
  return (
    <div class={`frame${frame.current ? " current" : ""}${frame.isOpen ? "" : " folded"}`}>
      <h3>
        {frame.current || frame.activation < 0
          ? <span class="name">{title}</span>
          : <button type="button" class="name" aria-expanded={frame.isOpen} onClick={() => open(frame.activation)}>{title}</button>}
        {frame.line > 0 && <span class="where">{say("line", { line: frame.line })}</span>}
        {!frame.isOpen && frame.summary && <span class="summary">{frame.summary}</span>}
      </h3>
      {small.length > 0 && <div class="small">{small.map(draw)}</div>}
      {large.map(draw)}
      {frame.isOpen && !frame.rows.length && !frame.returns && <p class="soft none">{say("no.variables")}</p>}
      {frame.returns && !secret && <div class="row returns"><span class="names"><span class="variable">{say("returns")}</span></span><Draw picture={frame.returns} /></div>}
    </div>
  );
}

/** Values of one line stand beside each other, above the pictures. */
const isSmall = (row: Row): boolean => row.picture.kind === "atom" && row.picture.text.length <= 24;

function RowBox({ row, frame, ask, secret }: { row: Row; frame: Frame; ask: StateProps["ask"]; secret: string }): JSX.Element {
  const say = useLabels();
  const hides = frame.current && row.names.some((n) => n.text === secret && n.changed);
  const changed = row.names.some((n) => n.changed);
  const read = row.names.some((n) => n.read);
  return (
    <div class={`row${changed ? " changed" : ""}${read ? " read" : ""} of-${row.picture.kind}`} data-row={row.id}>
      <span class="names">
        {row.names.map((n) => (
          <button key={n.text} type="button" class={`variable${n.changed ? " changed" : ""}${n.read ? " read" : ""}`} title={say("ask", { name: n.text })} onClick={() => ask(frame.activation, n.text)}>{n.text}</button>
        ))}
      </span>
      {hides ? <Atom text="?" type="secret" /> : <Draw picture={row.picture} />}
    </div>
  );
}
