// Puts a viewer in each place of the page that asks for one.

import { render } from "preact";
import "./style.css";
import { Viewer } from "./app";
import { pageSource, type Whole } from "./model/data";
import { Run } from "./model/run";

async function mount(element: HTMLElement, isFirst: boolean): Promise<void> {
  const source = pageSource(document, element.dataset.viewer ?? "0");
  const run = new Run((await source("whole")) as Whole, source);
  const wanted = isFirst ? Number(/^#step=(\d+)$/.exec(location.hash)?.[1] ?? 0) : 0;
  const step = Math.max(0, Math.min(run.count - 1, wanted));
  await run.load(step);
  element.textContent = "";
  render(<Viewer run={run} start={step} linked={isFirst} />, element);
  element.dataset.ready = String(Math.round(performance.now()));
}

document.querySelectorAll<HTMLElement>(".ca-viewer").forEach((element, n) => {
  mount(element, n === 0).catch((error: unknown) => {
    const line = document.createElement("p");
    line.textContent = String(error);
    element.append(line);
  });
});
