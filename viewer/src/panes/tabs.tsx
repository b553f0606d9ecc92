// What stands below the picture: calls, timelines, turns of the loop, output, questions, origins.

import type { JSX } from "preact";
import { useLayoutEffect, useMemo, useRef, useState } from "preact/hooks";
import type { CallNode, Calls, CallTree } from "../model/calls";
import type { Facts } from "../model/facts";
import { forest, textWidth } from "../model/layout";
import { turns } from "../model/loops";
import { query } from "../model/query";
import type { Run } from "../model/run";
import { pointText, timeline, type Series, type Timeline } from "../model/series";
import type { Link } from "../model/why";
import { useIds, useLabels } from "../pictures/context";

export interface TabProps {
  run: Run;
  facts: Facts;
  i: number;
  go: (event: number) => void;
}

// -- calls -------------------------------------------------------------------------------------

const NODE = 40;
/** how far a wide tree is made smaller before it scrolls */
const SMALLEST = 0.82;

export function CallsTab({ run, tree, i, go }: TabProps & { tree: CallTree }): JSX.Element {
  const say = useLabels();
  const state = run.state(i);
  const stack = state.stack();
  const calls: Calls = useMemo(() => tree.at(i), [run, stack.join(), Math.floor(i / (run.count > 5000 ? 1 : run.count + 1))]);
  const box = useRef<HTMLDivElement>(null);
  const path = new Set(stack);
  const flat: { key: string; below: string[]; node: CallNode }[] = [];
  const walk = (node: CallNode) => {
    flat.push({ key: String(node.activation), below: node.below.map((n) => String(n.activation)), node });
    node.below.forEach(walk);
  };
  if (calls.root) walk(calls.root);
  const widths = new Map(flat.map(({ key, node }) => [key, Math.max(textWidth(node.label), textWidth(node.result) + 16) * 0.93 + 22]));
  const laid = forest(flat, widths, 60, 72);
  useLayoutEffect(() => {
    const pane = box.current;
    const spot = laid.spots.get(String(stack[stack.length - 1]));
    if (!pane || !spot || pane.scrollWidth <= pane.clientWidth) return;
    const x = ((spot.x + 12) / (laid.width + 24)) * pane.scrollWidth;
    if (x < pane.scrollLeft + 80 || x > pane.scrollLeft + pane.clientWidth - 80) pane.scrollLeft = x - pane.clientWidth / 2;
  }, [stack[stack.length - 1]]);
  const at = (key: string) => ({ x: laid.spots.get(key)!.x + 12, y: laid.spots.get(key)!.y + 24 });
  const [w, h] = [laid.width + 24, laid.height + 48 + 10];
  if (!calls.root) return <p class="soft">{say("calls.none")}</p>;
  return (
    <div>
      {calls.repeated > 0 && <p class="soft">{say("calls.repeated")}</p>}
      <div class="scroller" ref={box} tabIndex={0} role="region" aria-label={say("tab.calls")}>
        <svg class="calls" viewBox={`0 0 ${w} ${h}`} width={w} height={h} style={{ minWidth: `${Math.min(w, w * SMALLEST)}px` }} role="group" aria-label={say("tab.calls")}>
          {flat.flatMap(({ key, below }) => below.map((child) => {
            const [a, b] = [at(key), at(child)];
            const lit = path.has(Number(key)) && path.has(Number(child));
            return <path key={`${key}>${child}`} class={`edge${lit ? " lit" : ""}`} d={`M${a.x} ${a.y + NODE / 2}C${a.x} ${a.y + NODE / 2 + 16} ${b.x} ${b.y - NODE / 2 - 16} ${b.x} ${b.y - NODE / 2}`} />;
          }))}
          {flat.map(({ key, node }) => {
            const done = isDone(run, node.activation, i);
            const begun = run.entered[node.activation] <= i;
            const width = widths.get(key)!;
            const event = done && !path.has(node.activation) ? run.left[node.activation] : run.entered[node.activation];
            return (
              <g key={key} class={`call${path.has(node.activation) ? " lit" : ""}${node.activation === stack[stack.length - 1] ? " current" : ""}${begun ? "" : " later"}${node.repeats >= 0 ? " repeat" : ""}`} role="button" tabindex={0}
                style={{ transform: `translate(${at(key).x}px, ${at(key).y}px)` }}
                onClick={() => go(event)} onKeyDown={(e) => e.key === "Enter" && go(event)}>
                <rect x={-width / 2} y={-NODE / 2} width={width} height={NODE} rx={12} />
                <text y={node.result ? -2 : 4.5}>{node.label}</text>
                {node.result && <text class="result" y={13}>{done ? `→ ${node.result}` : "…"}</text>}
                {node.again > 0 && <g class="again"><circle cx={width / 2 - 2} cy={-NODE / 2 + 2} r={10} /><text x={width / 2 - 2} y={-NODE / 2 + 6}>{`×${node.again + 1}`}</text></g>}
                {node.hidden > 0 && <text class="hidden" y={NODE / 2 + 13}>{say("more", { count: node.hidden })}</text>}
              </g>
            );
          })}
        </svg>
      </div>
    </div>
  );
}

const isDone = (run: Run, activation: number, i: number): boolean => run.left[activation] <= i;

// -- timelines ---------------------------------------------------------------------------------

export function TimelineTab({ run, i, go }: TabProps): JSX.Element {
  const say = useLabels();
  const activation = run.owner[i];
  const whole: Timeline = useMemo(() => timeline(run, i), [run, activation, run.partOf(i)]);
  if (!whole.series.length) return <p class="soft">{say("timeline.none")}</p>;
  return (
    <div class="timeline">
      {whole.series.slice(0, 24).map((series) => <Spark key={series.name} run={run} series={series} from={whole.from} to={whole.to} i={i} go={go} />)}
    </div>
  );
}

const W = 600;
const HIGH = 34;

function Spark({ run, series, from, to, i, go }: { run: Run; series: Series; from: number; to: number; i: number; go: (event: number) => void }): JSX.Element {
  const say = useLabels();
  const span = Math.max(1, to - from);
  const x = (event: number) => ((event - from) / span) * (W - 12) + 6;
  const y = (n: number) => (series.high === series.low ? HIGH / 2 : HIGH - 6 - ((n - series.low) / (series.high - series.low)) * (HIGH - 12));
  const points = series.points;
  let now = -1;
  points.forEach((p, n) => p.event <= i && (now = n));
  const line = series.isNumeric ? points.map((p, n) => (n ? `H${x(p.event).toFixed(1)}V${y(p.number!).toFixed(1)}` : `M${x(p.event).toFixed(1)} ${y(p.number!).toFixed(1)}`)).join("") + `H${W - 6}` : "";
  const jump = (event: MouseEvent) => {
    const rect = (event.currentTarget as Element).getBoundingClientRect();
    const at = from + ((event.clientX - rect.left) / rect.width) * span;
    go(points.reduce((a, b) => (Math.abs(b.event - at) < Math.abs(a.event - at) ? b : a)).event);
  };
  const next = points.find((p) => p.event > i);
  const before = [...points].reverse().find((p) => p.event < i);
  return (
    <div class="spark">
      <span class="variable">{series.name}</span>
      <svg viewBox={`0 0 ${W} ${HIGH}`} preserveAspectRatio="none" onClick={jump} role="img" aria-label={say("spark", { name: series.name, count: points.length })}>
        {line && <path class="line" d={line} />}
        {points.length <= 150 && points.map((p) => <path key={p.event} class={p.event <= i ? "point" : "point later"} d={`M${x(p.event).toFixed(1)} ${(series.isNumeric ? y(p.number!) : HIGH / 2).toFixed(1)}h0.01`} />)}
        {i >= from && i <= to && <path class="cursor" d={`M${x(i)} 0V${HIGH}`} />}
      </svg>
      <span class="value" title={now >= 0 ? pointText(run, points[now], series.number) : ""}>{now >= 0 ? pointText(run, points[now], series.number) : "–"}</span>
      <button type="button" class="quiet" disabled={!before} aria-label={say("change.back", { name: series.name })} onClick={() => before && go(before.event)}>‹</button>
      <button type="button" class="quiet" disabled={!next} aria-label={say("change.next", { name: series.name })} onClick={() => next && go(next.event)}>›</button>
    </div>
  );
}

// -- turns -------------------------------------------------------------------------------------

export function TurnsTab({ run, i, go }: TabProps): JSX.Element {
  const say = useLabels();
  const found = turns(run, i);
  if (!found) return <p class="soft">{say("turns.none")}</p>;
  return (
    <div class="scroller" tabIndex={0} role="region" aria-label={say("tab.turns")}>
      <table class="turns">
        <caption>{say("turns.title", { line: found.line, count: found.count })}</caption>
        <thead><tr><th scope="col">{say("turn")}</th>{found.names.map((name) => <th key={name} scope="col">{name}</th>)}</tr></thead>
        <tbody>
          {found.turns.map((turn, n) => ("skipped" in turn
            ? <tr key={`s${n}`} class="soft"><td colSpan={found.names.length + 1}>{say("turns.skipped", { count: turn.skipped })}</td></tr>
            : <tr key={turn.number} class={turn.current ? "now" : ""} aria-current={turn.current ? "step" : undefined}>
                <th scope="row"><button type="button" class="link" onClick={() => go(turn.event)}>{turn.number}</button></th>
                {turn.values.map((value, c) => <td key={c} class={turn.changed[c] ? "changed" : ""}>{value}</td>)}
              </tr>))}
        </tbody>
      </table>
    </div>
  );
}

// -- output ------------------------------------------------------------------------------------

export function OutputTab({ run, i }: TabProps): JSX.Element {
  const say = useLabels();
  const pieces = run.whole.output.filter(([index]) => index <= i).slice(-2000);
  const rest = run.whole.output.length - run.whole.output.filter(([index]) => index <= i).length;
  return (
    <div>
      {pieces.length ? <pre class="output" tabIndex={0}>{pieces.map(([, stream, text], n) => <span key={n} class={stream}>{text}</span>)}</pre> : <p class="soft">{say(run.whole.output.length ? "output.later" : "output.none")}</p>}
      {pieces.length > 0 && rest > 0 && <p class="soft">{say("output.more", { count: rest })}</p>}
    </div>
  );
}

// -- search ------------------------------------------------------------------------------------

const EXAMPLES = ["when {name} changes", "count line {line}", "max depth", "first {name} > 2"];

export function SearchTab({ run, facts, i, go }: TabProps): JSX.Element {
  const say = useLabels();
  const id = useIds();
  const input = useRef<HTMLInputElement>(null);
  const [asked, setAsked] = useState<{ text: string; at: number } | null>(null);
  const answer = useMemo(() => (asked ? query(run, facts, asked.text, asked.at) : null), [run, asked]);
  const ask = (text: string) => {
    if (input.current) input.current.value = text;
    setAsked(text.trim() ? { text, at: i } : null);
  };
  const name = run.texts.text([...(run.state(i).frames.get(run.owner[i])?.values.keys() ?? [])].slice(-1)[0] ?? -1) ?? "x";
  return (
    <div class="search">
      <form onSubmit={(e) => { e.preventDefault(); ask(input.current?.value ?? ""); }}>
        <label class="sr" for={id("question")}>{say("search.label")}</label>
        <input id={id("question")} ref={input} type="text" spellcheck={false} autocomplete="off" placeholder={say("search.placeholder")} />
        <button type="submit">{say("search.ask")}</button>
      </form>
      <p class="examples soft">{EXAMPLES.map((text) => text.replace("{name}", name).replace("{line}", String(run.place(i).line))).map((text) => <button key={text} type="button" class="link" onClick={() => ask(text)}>{text}</button>)}</p>
      <div aria-live="polite">
        {answer?.problem && <p class="soft">{say(answer.problem)}</p>}
        {answer && !answer.problem && <p class="soft">{say("search.count", { count: answer.count })}</p>}
      </div>
      {answer && answer.hits.length > 0 && (
        <ol class="hits">
          {answer.hits.map((hit) => (
            <li key={hit.event}><button type="button" class={`hit${hit.event === i ? " now" : ""}`} onClick={() => go(hit.event)}><span class="step">{say("step", { step: hit.event })}</span><span class="where">{say("line", { line: hit.line })}</span><code>{hit.text}</code></button></li>
          ))}
        </ol>
      )}
    </div>
  );
}

// -- origins -----------------------------------------------------------------------------------

export function OriginTab({ run, i, go, name, chain }: TabProps & { name: string; chain: Link[] }): JSX.Element {
  const say = useLabels();
  if (!name) return <p class="soft">{say("origin.none")}</p>;
  const lines = (link: Link) => (run.whole.files[run.place(link.event).file]?.[1][link.line - 1] ?? "").trim();
  return (
    <div>
      <p>{say("origin.title", { name })}</p>
      <ol class="hits chain">
        {chain.map((link) => (
          <li key={link.event}>
            <button type="button" class={`hit${link.event === i ? " now" : ""}`} onClick={() => go(link.event)}>
              <span class="step">{say("step", { step: link.event })}</span>
              <span class="where">{say("line", { line: link.line })}</span>
              <code>{`${link.name} = ${link.value}`}</code>
              <span class="because">{say(`because.${link.because}`)}</span>
              <code class="soft">{lines(link)}</code>
            </button>
          </li>
        ))}
      </ol>
      {!chain.length && <p class="soft">{say("origin.unknown")}</p>}
    </div>
  );
}
