// One viewer: where it stands in the run, and everything that moves it.

import type { JSX } from "preact";
import { useCallback, useEffect, useMemo, useRef, useState } from "preact/hooks";
import { CallTree } from "./model/calls";
import { Facts } from "./model/facts";
import { changeOf, moved, type Move } from "./model/moves";
import type { Run } from "./model/run";
import { scene } from "./model/scene";
import { caption, short, type Caption } from "./model/scope";
import { why, type Link } from "./model/why";
import { Counts, Source } from "./panes/source";
import { StatePane } from "./panes/state";
import { CallsTab, OriginTab, OutputTab, SearchTab, TimelineTab, TurnsTab } from "./panes/tabs";
import { Controls } from "./panes/controls";
import { Guess, guessOf, type Question } from "./panes/guess";
import { Ids, idsOf, Labels, labelled, useIds, useLabels } from "./pictures/context";

const TABS = ["calls", "timeline", "turns", "output", "search", "origin"] as const;
type Tab = (typeof TABS)[number];

export interface ViewerProps {
  run: Run;
  start: number;
  /** the only one of its page: the address names its step, and keys are its own wherever the focus is */
  alone: boolean;
  name: string;
}

export function Viewer({ run, start, alone, name }: ViewerProps): JSX.Element {
  const say = useMemo(() => labelled(run.whole.labels), [run]);
  if (!run.count) return <Labels.Provider value={say}><Head run={run} /><p class="soft empty-run">{say("nothing")}</p></Labels.Provider>;
  return <Labels.Provider value={say}><Ids.Provider value={idsOf(name)}><Stepper run={run} start={start} alone={alone} name={name} /></Ids.Provider></Labels.Provider>;
}

function Head({ run }: { run: Run }): JSX.Element {
  const { title, outcome, good, subtitle, notes } = run.whole;
  return (
    <header class="head">
      <h1><code>{title}</code></h1>
      <p class="meta"><span class={`outcome ${good ? "good" : "bad"}`} title={outcome}>{short(outcome, 90)}</span> <span class="soft">{subtitle}</span></p>
      {notes.map((note) => <p key={note} class="note">{note}</p>)}
    </header>
  );
}

function Stepper({ run, start, alone }: ViewerProps): JSX.Element {
  const say = useLabels();
  const id = useIds();
  const facts = useMemo(() => new Facts(run), [run]);
  const counts = useMemo(() => new Counts(run), [run]);
  const tree = useMemo(() => new CallTree(run), [run]);
  const said = useMemo(() => saidByLine(run), [run]);
  const [i, setStep] = useState(start);
  const [tab, setTab] = useState<Tab>(tree.isRecursive ? "calls" : "turns");
  const [opened, setOpened] = useState<ReadonlySet<number>>(new Set());
  const [origin, setOrigin] = useState<{ name: string; chain: Link[] }>({ name: "", chain: [] });
  const [isGuessing, setGuessing] = useState(false);
  const [answered, setAnswered] = useState<ReadonlySet<number>>(new Set());
  const [score, setScore] = useState<[number, number]>([0, 0]);
  const latest = useRef(i);
  const root = useRef<HTMLDivElement>(null);
  const go = useCallback((event: number) => {
    const wanted = Math.max(0, Math.min(run.count - 1, Math.round(event)));
    latest.current = wanted;
    if (run.has(wanted)) setStep(wanted);
    else void run.load(wanted).then(() => latest.current === wanted && setStep(wanted));
  }, [run]);
  const move = useCallback((kind: Move) => go(moved(run, latest.current, kind)), [run, go]);
  useLink(alone, i, go);
  const change = (direction: 1 | -1) => {
    // the variable that was clicked last, or the one that this step changed
    const clicked = run.texts.find(origin.name);
    const stored = run.changes(latest.current).find((c) => c.kind === "bind" || c.kind === "global");
    const name = clicked >= 0 ? clicked : stored && "name" in stored ? stored.name : -1;
    const event = name >= 0 ? changeOf(run, latest.current, name, direction) : null;
    if (event !== null) go(event);
  };
  useKeys(root, alone, move, change, () => {
    setTab("search");
    setTimeout(() => document.getElementById(id("question"))?.focus());
  });
  const told = caption(run, facts, i);
  const question: Question | null = isGuessing && !answered.has(i) ? guessOf(run, i, told) : null;
  const picture = useMemo(() => scene(run, facts, i, opened), [run, facts, i, opened]);
  const ask = (activation: number, name: string) => {
    setOrigin({ name, chain: activation < 0 ? [] : why(run, facts, i, activation, name) });
    setTab("origin");
  };
  const open = (activation: number) => setOpened((old) => {
    const next = new Set(old);
    if (!next.delete(activation)) next.add(activation);
    return next;
  });
  const grade = (right: boolean) => {
    setScore(([good, all]) => [good + Number(right), all + 1]);
    setAnswered((old) => new Set(old).add(i));
  };
  const shared = { run, facts, i, go };
  return (
    <div class="viewer" ref={root}>
      <Head run={run} />
      <Controls run={run} i={i} go={go} move={move} isGuessing={isGuessing} guess={setGuessing} score={score} paused={question !== null} />
      <div class="panes">
        <div class="left">
          {question ? <Guess key={i} question={question} grade={grade} /> : <Told told={told} watched={run.whole.watched[i]} />}
          <Source {...shared} counts={counts} said={said} />
        </div>
        <div class="right">
          <StatePane scene={picture} open={open} ask={ask} secret={question?.secret ?? ""} />
          {!question && (
            <section class="below">
              <div role="tablist" aria-label={say("tabs")} class="tabs" onKeyDown={(e) => turnTab(e, tab, setTab, id)}>
                {TABS.map((name) => <button key={name} type="button" role="tab" id={id(`tab-${name}`)} aria-selected={tab === name} aria-controls={id("panel")} tabIndex={tab === name ? 0 : -1} onClick={() => setTab(name)}>{say(`tab.${name}`)}</button>)}
              </div>
              <div role="tabpanel" id={id("panel")} class="panel" aria-labelledby={id(`tab-${tab}`)}>
                {tab === "calls" && <CallsTab {...shared} tree={tree} />}
                {tab === "timeline" && <TimelineTab {...shared} />}
                {tab === "turns" && <TurnsTab {...shared} />}
                {tab === "output" && <OutputTab {...shared} />}
                {tab === "search" && <SearchTab {...shared} />}
                {tab === "origin" && <OriginTab {...shared} {...origin} />}
              </div>
            </section>
          )}
        </div>
      </div>
    </div>
  );
}

function turnTab(event: KeyboardEvent, tab: Tab, set: (tab: Tab) => void, id: (name: string) => string): void {
  const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
  if (!step) return;
  event.preventDefault();
  event.stopPropagation();
  const next = TABS[(TABS.indexOf(tab) + step + TABS.length) % TABS.length];
  set(next);
  document.getElementById(id(`tab-${next}`))?.focus();
}

/** What the step did, in one line; screen readers are told of it. */
function Told({ told, watched }: { told: Caption; watched?: string[] }): JSX.Element {
  const say = useLabels();
  return (
    <div class="told">
      <p aria-live="polite" role="status">
        <span class="where">{say("line", { line: told.line })}</span>{" "}
        <span class={`what did-${told.kind}`}>{say(`did.${told.kind}`, { subject: told.subject })}</span>{" "}
        {told.kind === "test" && <code>{told.subject}</code>}
        {told.detail && <code class="detail">{told.kind === "test" ? `→ ${told.detail}` : told.detail}</code>}{" "}
        {told.kind === "test" && told.outcome && <span class={`verdict ${told.outcome}`}>{told.outcome}</span>}
        {told.kind === "return" && told.outcome && <code class="detail">→ {told.outcome}</code>}
      </p>
      {watched && <p class="watched">{watched.map((text) => <code key={text}>{text}</code>)}</p>}
    </div>
  );
}

function saidByLine(run: Run): Map<number, { text: string; status: string }[]> {
  const lines = new Map<number, { text: string; status: string }[]>();
  for (const [line, text, status] of run.whole.said ?? []) lines.set(line, [...(lines.get(line) ?? []), { text, status: status || "verified" }]);
  return lines;
}

/** The address names the step, so that a link leads to it; typing another one goes there. */
function useLink(linked: boolean, i: number, go: (event: number) => void): void {
  useEffect(() => {
    if (!linked) return;
    const timer = setTimeout(() => history.replaceState(null, "", `#step=${i}`), 150);
    return () => clearTimeout(timer);
  }, [linked, i]);
  useEffect(() => {
    if (!linked) return;
    const follow = () => {
      const match = /^#step=(\d+)$/.exec(location.hash);
      if (match) go(Number(match[1]));
    };
    addEventListener("hashchange", follow);
    return () => removeEventListener("hashchange", follow);
  }, [linked, go]);
}

const MOVES: Record<string, Move> = {
  ArrowRight: "next", ArrowLeft: "back", ArrowDown: "over", ArrowUp: "overBack", n: "over", s: "next", b: "back", o: "out", Home: "first", End: "last",
};

function useKeys(root: { current: HTMLElement | null }, alone: boolean, move: (kind: Move) => void, change: (direction: 1 | -1) => void, search: () => void): void {
  useEffect(() => {
    const press = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const target = event.target as HTMLElement;
      if (/^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName) && (target as HTMLInputElement).type !== "range") return;
      if (target.getAttribute("role") === "tab") return;
      const near = (alone && target === document.body) || root.current?.contains(target);
      if (!near || (target !== document.body && /^(Home|End|ArrowUp|ArrowDown)$/.test(event.key) && target.closest(".lines, .scroller, .output"))) return;
      if (event.key === "/") {
        event.preventDefault();
        search();
      } else if (event.key === "c" || event.key === "C") {
        change(event.key === "c" ? 1 : -1);
      } else if (MOVES[event.key]) {
        event.preventDefault();
        move(event.shiftKey && event.key === "ArrowRight" ? "over" : event.shiftKey && event.key === "ArrowLeft" ? "overBack" : MOVES[event.key]);
      }
    };
    addEventListener("keydown", press);
    return () => removeEventListener("keydown", press);
  });
}
