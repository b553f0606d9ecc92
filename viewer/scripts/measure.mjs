// How fast a page is: node measure.mjs PAGE... prints a line of JSON for each: bytes, events, and milliseconds until
// the first picture (wall clock, the middle one of 3) and of the page's own processor time: until then, and for each of 100
// moves of the slider with the frame that follows. Processor time does not grow when the machine is busy.
import { statSync } from "node:fs";
import puppeteer from "puppeteer-core";

const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const round = (n) => Math.round(n * 10) / 10;
for (const page of process.argv.slice(2)) {
  const runs = [];
  for (let n = 0; n < 3; n++) {
    const tab = await browser.newPage();
    await tab.setViewport({ width: 1380, height: 900 });
    const client = await tab.createCDPSession();
    await client.send("Performance.enable", { timeDomain: "threadTicks" });
    const spent = async () => Object.fromEntries((await client.send("Performance.getMetrics")).metrics.map((m) => [m.name, m.value * 1000]));
    await tab.goto("file://" + page);
    await tab.waitForSelector("[data-ready]");
    const first = await tab.$eval("[data-ready]", (e) => Number(e.dataset.ready));
    const opened = (await spent()).TaskDuration;
    const last = await tab.$eval('input[type="range"]', (e) => Number(e.max));
    const before = (await spent()).TaskDuration;
    await tab.evaluate(drag);
    runs.push({ events: last + 1, first, opening: round(opened), move: round(((await spent()).TaskDuration - before) / 100) });
    await tab.close();
  }
  const middle = runs.sort((a, b) => a.first - b.first)[1];
  console.log(JSON.stringify({ page, bytes: statSync(page).size, ...middle }));
}
await browser.close();

/** There and back again, as a hand moves: far in the middle, near at the ends. */
async function drag() {
  const slider = document.querySelector('input[type="range"]');
  for (let n = 1; n <= 100; n++) {
    slider.value = String(Math.round(Number(slider.max) * (0.5 - 0.5 * Math.cos((n / 100) * 2 * Math.PI))));
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    await new Promise((done) => requestAnimationFrame(() => done()));
  }
}
