// Puts a viewer in each place of the page that asks for one.

import { render } from "preact";
import "./style.css";
import { Viewer } from "./app";
import { pageSource, type Whole } from "./model/data";
import { Run } from "./model/run";

async function mount(element: HTMLElement, linked: boolean): Promise<void> {
  const key = element.dataset.viewer ?? "0";
  const source = pageSource(document, key);
  const run = new Run((await source("whole")) as Whole, source);
  const wanted = linked ? Number(/^#step=(\d+)$/.exec(location.hash)?.[1] ?? 0) : 0;
  const step = Math.max(0, Math.min(run.count - 1, wanted));
  await run.load(step);
  element.textContent = "";
  render(<Viewer run={run} start={step} alone={linked} name={key} />, element);
  element.dataset.ready = String(Math.round(performance.now()));
}

function show(element: HTMLElement, linked: boolean): void {
  mount(element, linked).catch((error: unknown) => {
    const line = document.createElement("p");
    line.textContent = String(error);
    element.append(line);
  });
}

const places = [...document.querySelectorAll<HTMLElement>(".ca-viewer")];
for (const element of places) {
  const folded = element.closest("details");
  if (folded && !folded.open) folded.addEventListener("toggle", () => show(element, false), { once: true });
  else show(element, places.length === 1);
}
