// Writes the one bundle that every graph page holds: graph.js and graph.css, without names of this machine.
import { readFileSync, writeFileSync } from "node:fs";
import { build } from "esbuild";

const out = process.argv[2] ?? "../codeassist/rendering/graphview";
await build({
  entryPoints: { graph: "src/main.js" },
  outdir: out,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2022"],
  charset: "ascii",
  legalComments: "none",
  logLevel: "info",
});
// a library spells control characters in its strings as themselves: pages hold none
const path = `${out}/graph.js`;
const hex = (sign) => `\\x${sign.charCodeAt(0).toString(16).padStart(2, "0")}`;
writeFileSync(path, readFileSync(path, "utf-8").replace(/[\x00-\x09\x0b-\x1f]/g, hex));
