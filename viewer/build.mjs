// Writes the one bundle that every page holds: viewer.js and viewer.css, without names of this machine.
import { build } from "esbuild";

const out = process.argv[2] ?? "../codeassist/rendering/viewer";
await build({
  entryPoints: { viewer: "src/main.tsx" },
  outdir: out,
  bundle: true,
  minify: true,
  format: "iife",
  target: ["es2022"],
  charset: "ascii",
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "none",
  logLevel: "info",
});
