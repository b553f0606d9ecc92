// A variable over time: the events at which an activation bound it, and to what.

import { literal } from "./evaluate";
import type { Run } from "./run";
import { short } from "./scope";
import { isObject } from "./values";

export interface Point {
  event: number;
  number: number | null;
  text: string;
}

export interface Series {
  name: string;
  number: number;
  points: Point[];
  isNumeric: boolean;
  low: number;
  high: number;
}

export interface Timeline {
  from: number;
  to: number;
  series: Series[];
}

const POINTS = 3000;

/** Timelines of the variables of the activation at event `i`, as far as it can be looked at. */
export function timeline(run: Run, i: number): Timeline {
  const activation = run.owner[i];
  const [start, stop] = run.reach(i);
  const from = Math.max(start, run.entered[activation]);
  const to = Math.min(stop - 1, run.left[activation]);
  const found = new Map<number, Series>();
  const isModule = run.functionName(activation) === "<module>";
  const add = (event: number, name: number, value: number) => {
    let series = found.get(name);
    if (!series) found.set(name, (series = { name: run.texts.text(name), number: name, points: [], isNumeric: true, low: Infinity, high: -Infinity }));
    if (series.points.length >= POINTS) return;
    const text = isObject(value) ? "" : run.texts.atom(value);
    const number = /^-?\d+(\.\d+)?(e[-+]?\d+)?$/.test(text) ? Number(text) : text === "True" ? 1 : text === "False" ? 0 : null;
    if (number === null) series.isNumeric = false;
    else {
      series.low = Math.min(series.low, number);
      series.high = Math.max(series.high, number);
    }
    series.points.push({ event, number, text });
  };
  for (let k = from; k <= to; k++) {
    for (const change of run.changes(k)) {
      if (change.kind === "bind" && change.activation === activation) add(k, change.name, change.value);
      else if (change.kind === "global" && isModule && !run.texts.atom(change.value).startsWith("<")) add(k, change.name, change.value);
    }
  }
  return { from, to, series: [...found.values()] };
}

/** The text of a point that holds an object, looked up when it is shown. */
export function pointText(run: Run, point: Point, name: number): string {
  if (point.text) return point.text;
  const state = run.state(point.event);
  const value = state.frames.get(run.owner[point.event])?.values.get(name);
  return value === undefined ? "" : short(literal(run.texts, state, value), 60);
}
