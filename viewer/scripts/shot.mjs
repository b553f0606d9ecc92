// Pictures of a page at some steps: node shot.mjs PAGE OUT STEP... [--dark] [--phone] [--tab=NAME]
import puppeteer from "puppeteer-core";

const [page, out, ...rest] = process.argv.slice(2);
const flags = rest.filter((x) => x.startsWith("--"));
const steps = rest.filter((x) => !x.startsWith("--"));
const browser = await puppeteer.launch({
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
const tab = await browser.newPage();
tab.on("pageerror", (e) => console.log("PAGE ERROR", String(e)));
tab.on("console", (m) => ["error", "warning"].includes(m.type()) && console.log(m.type(), m.text()));
const phone = flags.includes("--phone");
await tab.setViewport({ width: phone ? 390 : 1380, height: phone ? 800 : 900, deviceScaleFactor: 1 });
if (flags.includes("--dark")) await tab.emulateMediaFeatures([{ name: "prefers-color-scheme", value: "dark" }]);
await tab.goto("file://" + page);
await tab.waitForSelector("[data-ready]");
const wanted = flags.find((x) => x.startsWith("--tab="));
if (wanted) await tab.click(`#tab-${wanted.slice(6)}`);
for (const step of steps) {
  await tab.evaluate((s) => { location.hash = `#step=${s}`; }, step);
  await new Promise((r) => setTimeout(r, 450));
  await tab.screenshot({ path: `${out}-${step}.png`, fullPage: phone });
}
await browser.close();
