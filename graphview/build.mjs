// Writes the one bundle that every graph page holds: graph.js and graph.css, without names of this machine.
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
