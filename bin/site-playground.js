// The playground: page, worker and service worker, bundled with what the engines use of Node taken by site/playground/edge/.
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import { build } from "esbuild";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(root, "site", "playground");

/** Files that are about this host, and what stands in for them in a page. */
const edges = new Map(
  [
    ["files/input", "input"],
    ["files/streamed-input", "streamed-input"],
    ["merge/load-merged-home", "load-merged-home"],
    ["replay/reading-thread", "reading-thread"],
  ].map(([file, edge]) => [join(root, "src", `${file}.ts`), join(source, "edge", `${edge}.ts`)]),
);

/** TypeScript's `./x.js` is `./x.ts`; an edge takes its file's place. Types cross the edge, values do not. */
const atTheEdge = {
  name: "edges",
  setup({ onResolve }) {
    onResolve({ filter: /^\.{1,2}\// }, ({ path, resolveDir }) => {
      const edge = edges.get(resolve(resolveDir, path.replace(/\.js$/, ".ts")));
      return edge === undefined ? undefined : { path: edge };
    });
  },
};

const common = {
  bundle: true,
  format: "esm",
  platform: "browser",
  target: ["es2022", "chrome111", "firefox115", "safari16.4"],
  minify: true,
  legalComments: "none",
  logLevel: "error",
  write: true,
  metafile: true,
  plugins: [atTheEdge],
  alias: { "node:fs": join(source, "edge", "fs.ts"), "node:path": join(source, "edge", "path.ts") },
};

/** Logs that the example is played on. */
const samples = [["example-conn.log", "examples/zeek-ossec-pf/cases/port-scan/conn.log"]];

/** The example's bundle, compiled by the zopf of dist/. */
async function exampleBundle() {
  const load = (path) => import(pathToFileURL(join(root, "dist", path)).href);
  const { compileBundles } = await load("compiler/compile.js");
  const { compiledFile } = await load("compiler/output/compiled-file.js");
  const file = join(root, "examples", "zeek-ossec-pf", "perimeter.zopf.ts");
  const { bundles, diagnostics, ok } = await compileBundles([file], {
    show: (path) => relative(root, path),
    cache: false,
  });
  if (!ok) throw new Error(diagnostics.map(({ message }) => message).join("\n"));
  return compiledFile(bundles);
}

/** Every file below a folder, relative to it. */
export const filesBelow = (folder) =>
  readdirSync(folder, { recursive: true })
    .filter((path) => statSync(join(folder, path)).isFile())
    .map((path) => path.replaceAll("\\", "/"))
    .sort();

/**
 * Writes `sw.js`, which keeps the files of a folder in the reader's browser.
 *
 * @param {string} name - of what is kept, one of its own for every service worker of the site
 * @param {readonly string[]} paths - below the folder
 */
export async function buildServiceWorker(folder, name, paths) {
  const hash = createHash("sha256");
  for (const path of paths) hash.update(`${path}\0`).update(readFileSync(join(folder, path)));
  const version = hash.digest("hex").slice(0, 16);
  await build({
    ...common,
    entryPoints: [join(source, "sw.ts")],
    outdir: folder,
    define: { zopfFiles: JSON.stringify({ name, version, paths: ["./", ...paths] }) },
  });
}

/** What is imported and not used. */
const unusedBut = (alias) => ({
  name: "unused modules of Node",
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /^node:/ }, ({ path }) =>
      path in alias ? undefined : { path, namespace: "unused" },
    );
    onLoad({ filter: /.*/, namespace: "unused" }, () => ({ contents: "module.exports = {};", loader: "js" }));
  },
});

/**
 * Bundles one more worker as the page's are, for tests that run the engine in a browser.
 *
 * @param {Record<string, string>} alias - modules, and files in their place
 */
export function bundleWorker(entry, outfile, { alias: own = {}, define = {} } = {}) {
  const alias = { ...common.alias, ...own };
  return build({
    ...common,
    entryPoints: [entry],
    outfile,
    define,
    alias,
    inject: [join(source, "edge", "globals.ts")],
    plugins: [...common.plugins, unusedBut(alias)],
  });
}

/** @param {string} target - the folder to write; what was there goes */
export async function buildPlayground(target) {
  rmSync(target, { recursive: true, force: true });
  mkdirSync(target, { recursive: true });
  const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
  const page = await build({
    ...common,
    entryPoints: { main: join(source, "page", "main.ts"), style: join(source, "style.css") },
    entryNames: "[name]-[hash]",
    chunkNames: "[name]-[hash]",
    splitting: true,
    outdir: target,
  });
  const worker = await build({
    ...common,
    entryPoints: { worker: join(source, "worker.ts"), "replay-worker": join(source, "replay-worker.ts") },
    inject: [join(source, "edge", "globals.ts")],
    define: { zopfVersion: JSON.stringify(version) },
    chunkNames: "[name]-[hash]",
    splitting: true,
    outdir: target,
  });
  const outputOf = (entry) => {
    const found = Object.entries(page.metafile.outputs).find(
      ([, { entryPoint }]) => entryPoint !== undefined && resolve(entryPoint) === join(source, entry),
    );
    if (found === undefined) throw new Error(`nothing was made of ${entry}`);
    return relative(target, resolve(found[0]));
  };
  writeFileSync(join(target, "example-bundle.json"), await exampleBundle());
  for (const [name, path] of samples) copyFileSync(join(root, path), join(target, name));
  const html = readFileSync(join(source, "index.html"), "utf8")
    .replace("%STYLE%", outputOf("style.css"))
    .replace("%SCRIPT%", outputOf("page/main.ts"));
  writeFileSync(join(target, "index.html"), html);
  await buildServiceWorker(target, "playground", filesBelow(target));
  return { page: page.metafile, worker: worker.metafile };
}
