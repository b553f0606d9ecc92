// Writes the one bundle that every page holds: viewer.js and viewer.css, without names of this machine.
import { build } from "esbuild";
import { mkdir, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";

const out = process.argv[2] ?? "../codeassist/rendering/viewer";
const built = await build({
  entryPoints: { viewer: "src/main.tsx" },
  outdir: out,
  bundle: true,
  minify: true,
  write: false,
  format: "iife",
  target: ["es2022"],
  charset: "ascii",
  jsx: "automatic",
  jsxImportSource: "preact",
  legalComments: "none",
  logLevel: "warning",
});
await mkdir(out, { recursive: true });
for (const file of built.outputFiles) {
  // a tab can only stand in a text here: written out, no control character is left
  await writeFile(join(out, basename(file.path)), file.text.replaceAll("\t", "\\t"));
}
