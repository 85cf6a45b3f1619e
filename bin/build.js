#!/usr/bin/env node
// `prepare`: compile src/ to dist/, copy what the code reads at run time, write the oclif manifest.
// With --if-needed only when a source is newer than the last build.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { cpSync, existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const require = createRequire(import.meta.url);
const stamp = join(root, "dist", ".built");

if (!existsSync(join(root, "src"))) process.exit(0); // an installed package is already built

function newest(folder) {
  let time = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true, recursive: true }))
    if (entry.isFile())
      time = Math.max(time, statSync(join(entry.parentPath ?? entry.path, entry.name)).mtimeMs);
  return time;
}

if (process.argv.includes("--if-needed") && existsSync(stamp)) {
  const sources = [join(root, "src"), join(root, "templates")].map(newest);
  const files = ["package.json", "tsconfig.build.json", "tsconfig.json"].map(
    (name) => statSync(join(root, name)).mtimeMs,
  );
  if (Math.max(...sources, ...files) <= statSync(stamp).mtimeMs) process.exit(0);
}

rmSync(join(root, "dist"), { recursive: true, force: true });
const tsc = join(dirname(require.resolve("typescript/package.json")), "bin", "tsc");
const compiled = spawnSync(process.execPath, [tsc, "-p", join(root, "tsconfig.build.json")], {
  stdio: "inherit",
});
if (compiled.status !== 0) process.exit(compiled.status ?? 1);

const schemas = join(root, "src", "schemas");
if (existsSync(schemas)) cpSync(schemas, join(root, "dist", "schemas"), { recursive: true });

// Templates become functions now, so that a build of a bundle need not load their compiler.
await import(pathToFileURL(join(root, "dist", "targets", "index.js")).href);
const { precompiledTemplates } = await import(pathToFileURL(join(root, "dist", "targets", "render.js")).href);
writeFileSync(join(root, "dist", "targets", "templates.cjs"), precompiledTemplates());

// What runs in a report's page: one script and one style sheet, which the page holds (src/report/html/page.ts).
{
  const { build } = require("esbuild");
  // Its licence goes where the plots go: into every page.
  const uplot = join(dirname(require.resolve("uplot/package.json")), "LICENSE");
  const banner = `/*! uPlot, in this file:\n${readFileSync(uplot, "utf8").trim()}\n*/`;
  for (const name of ["report.ts", "report.css"])
    await build({
      banner: { js: banner },
      entryPoints: [join(root, "src", "web", name)],
      outdir: join(root, "dist", "web"),
      bundle: true,
      minify: true,
      charset: "ascii",
      platform: "browser",
      target: "es2022",
      format: "iife",
      legalComments: "inline",
      logLevel: "error",
    });
}

// One file for what has to start quickly, where tsx brought its bundler along; without it dist/ is slower, not less.
try {
  const { build } = require("esbuild");
  for (const name of ["logtest/start/quick-start", "cli/quick-logtest"]) {
    const entry = join(root, "dist", name);
    const { outputFiles } = await build({
      entryPoints: [`${entry}.js`],
      write: false,
      bundle: true,
      platform: "node",
      target: "node20",
      format: "cjs",
      // The code is run as a script, which has no import() of its own.
      supported: { "dynamic-import": false },
      logLevel: "error",
    });
    const [{ contents }] = outputFiles;
    // Its first line tells it from every other one (src/logtest/start/code.ts).
    const identity = createHash("sha256").update(contents).digest("hex");
    writeFileSync(`${entry}.cjs`, Buffer.concat([Buffer.from(`// ${identity}\n`), contents]));
  }
} catch (error) {
  process.stderr.write(`no quick start of logtest: ${error.message}\n`);
}

// DuckDB's package in one file instead of 180, for the version that is installed here (src/archive/duckdb.ts).
try {
  const api = require.resolve("@duckdb/node-api/package.json");
  const licence = readFileSync(join(dirname(api), "LICENSE"), "utf8").trim();
  await require("esbuild").build({
    banner: { js: `/*! @duckdb/node-api, in this file:\n${licence}\n*/` },
    entryPoints: [require.resolve("@duckdb/node-api")],
    outfile: join(root, "dist", "archive", `duckdb-api-${require(api).version}.cjs`),
    bundle: true,
    platform: "node",
    target: "node20",
    format: "cjs",
    external: ["@duckdb/node-bindings"],
    logLevel: "error",
  });
} catch (error) {
  process.stderr.write(`DuckDB is loaded file by file: ${error.message}\n`);
}

// The manifest lets oclif answer without loading every command.
rmSync(join(root, "oclif.manifest.json"), { force: true });
const { Plugin } = await import(pathToFileURL(require.resolve("@oclif/core")).href);
const plugin = new Plugin({
  root,
  type: "core",
  ignoreManifest: true,
  errorOnManifestCreate: true,
  respectNoCacheDefault: true,
});
await plugin.load();
writeFileSync(join(root, "oclif.manifest.json"), `${JSON.stringify(plugin.manifest, null, 2)}\n`);
writeFileSync(stamp, "");
