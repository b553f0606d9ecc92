// Buttons, slider and speed: where in the run the page stands.

import type { JSX } from "preact";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { Move } from "../model/moves";
import type { Run } from "../model/run";
import { useLabels } from "../pictures/context";

export interface ControlsProps {
  run: Run;
  i: number;
  go: (event: number) => void;
  move: (kind: Move) => void;
  isGuessing: boolean;
  guess: (on: boolean) => void;
  score: [number, number];
  paused: boolean;
}

const ICONS: Record<string, string> = {
  first: "M5 5v14M19 5l-10 7 10 7z",
  overBack: "M20 16a8 8 0 0 0-15-2M5 8v6h6M12 19h.01",
  back: "M15 5l-8 7 8 7z",
  next: "M9 5l8 7-8 7z",
  over: "M4 16a8 8 0 0 1 15-2M19 8v6h-6M12 19h.01",
  out: "M12 15V4M7 9l5-5 5 5M12 20h.01",
  last: "M19 5v14M5 5l10 7-10 7z",
  play: "M7 4l13 8-13 8z",
  pause: "M8 5v14M16 5v14",
};

function Icon({ name }: { name: string }): JSX.Element {
  return <svg viewBox="0 0 24 24" width="18" height="18" aria-hidden="true"><path d={ICONS[name]} /></svg>;
}

const SPEEDS = [0.5, 1, 2, 5, 20];

export function Controls({ run, i, go, move, isGuessing, guess, score, paused }: ControlsProps): JSX.Element {
  const say = useLabels();
  const [isPlaying, setPlaying] = useState(false);
  const [speed, setSpeed] = useState(2);
  useEffect(() => {
    if (!isPlaying || paused) return;
    if (i >= run.count - 1) {
      setPlaying(false);
      return;
    }
    const timer = setTimeout(() => move("next"), 1000 / speed);
    return () => clearTimeout(timer);
  }, [isPlaying, paused, speed, i]);
  const button = (kind: Move) => <button key={kind} type="button" class={`icon ${kind}`} title={say(`move.${kind}`)} aria-label={say(`move.${kind}`)} onClick={() => move(kind)}><Icon name={kind} /></button>;
  const play = () => {
    if (!isPlaying && i >= run.count - 1) go(0);
    setPlaying(!isPlaying);
  };
  return (
    <div class="controls">
      <div class="buttons" role="toolbar" aria-label={say("controls")}>
        {(["first", "overBack", "back"] as Move[]).map(button)}
        <button type="button" class="icon play" aria-pressed={isPlaying} title={say(isPlaying ? "pause" : "play")} aria-label={say(isPlaying ? "pause" : "play")} onClick={play}><Icon name={isPlaying ? "pause" : "play"} /></button>
        {(["next", "over", "out", "last"] as Move[]).map(button)}
        <label class="speed"><span class="sr">{say("speed")}</span>
          <select value={String(speed)} onChange={(e) => setSpeed(Number(e.currentTarget.value))}>{SPEEDS.map((s) => <option key={s} value={String(s)}>{say("speed.of", { count: s })}</option>)}</select>
        </label>
        <label class="toggle"><input type="checkbox" checked={isGuessing} onChange={(e) => guess(e.currentTarget.checked)} />{say("guess")}</label>
        {isGuessing && <span class="score" aria-live="polite">{say("guess.score", { right: score[0], all: score[1] })}</span>}
        <span class="position">{say("position", { step: i, last: run.count - 1 })}</span>
      </div>
      <div class="slider">
        <Depths run={run} i={i} />
        <input type="range" min={0} max={run.count - 1} value={i} aria-label={say("slider")} aria-valuetext={say("position", { step: i, last: run.count - 1 })} onInput={(e) => go(Number(e.currentTarget.value))} />
      </div>
    </div>
  );
}

const BARS = 400;

/** How deep the calls were, all along the run. */
function Depths({ run, i }: { run: Run; i: number }): JSX.Element | null {
  const path = useMemo(() => {
    const bars = Math.min(BARS, run.count);
    const tall = new Float64Array(bars);
    let most = 1;
    for (let k = 0; k < run.count; k++) {
      const bar = run.count <= BARS ? k : Math.min(bars - 1, Math.floor((k / run.count) * bars));
      tall[bar] = Math.max(tall[bar], run.depth[k]);
      most = Math.max(most, run.depth[k]);
    }
    if (most < 2) return "";
    let path = "M0 20";
    for (let b = 0; b < bars; b++) {
      const y = 20 - (tall[b] / most) * 18;
      path += `L${((b / bars) * 1000).toFixed(1)} ${y.toFixed(1)}H${(((b + 1) / bars) * 1000).toFixed(1)}`;
    }
    return path + "V20z";
  }, [run]);
  if (!path) return null;
  const done = (i / Math.max(1, run.count - 1)) * 1000;
  return (
    <svg class="depths" viewBox="0 0 1000 20" preserveAspectRatio="none" aria-hidden="true">
      <path d={path} />
      <path class="cursor" d={`M${done.toFixed(1)} 0V20`} />
    </svg>
  );
}
