// Compiles test/ to .build/test/ and the page's code to .build/site/, once for the whole suite. The tests then run what is shipped: their imports from
// src/ become imports from dist/. `import.meta.url` stays the place of the source, beside which the data of tests lie.
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const target = join(root, ".build");
const sources = ["test", "site"];

/** Where a test's import leads to once it is compiled. */
function compiledImport(specifier, folder) {
  const path = resolve(folder, specifier);
  const isBelow = (name) => path.startsWith(join(root, name) + sep);
  if (isBelow("src")) return pathToFileURL(join(root, "dist", relative(join(root, "src"), path))).href;
  if (sources.some(isBelow) && path.endsWith(".js"))
    return pathToFileURL(join(target, relative(root, path))).href;
  return pathToFileURL(path).href;
}

/** Imports are rewritten, nothing is put together; each file knows the place of its source. */
const eachForItself = {
  name: "each for itself",
  setup(build) {
    build.onResolve({ filter: /^\./ }, ({ kind, path, resolveDir }) =>
      kind === "entry-point" ? undefined : { path: compiledImport(path, resolveDir), external: true },
    );
    build.onLoad({ filter: /\.ts$/ }, ({ path }) => {
      const [url, folder] = [pathToFileURL(path).href, dirname(path)].map((text) => JSON.stringify(text));
      // On the first line, so that the others keep their numbers.
      const places = `const sourceUrl = ${url}, sourceFolder = ${folder};`;
      return { contents: places + readFileSync(path, "utf8"), loader: "ts", resolveDir: dirname(path) };
    });
  },
};

/** Test files as paths below the repository, and what each was compiled to. */
export async function compileTests() {
  const require = createRequire(import.meta.url);
  const { build } = createRequire(require.resolve("tsx"))("esbuild");
  const names = sources.flatMap((folder) => {
    rmSync(join(target, folder), { recursive: true, force: true });
    return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
      .filter((name) => name.endsWith(".ts"))
      .map((name) => join(folder, name));
  });
  await build({
    entryPoints: names.map((name) => join(root, name)),
    outdir: target,
    outbase: root,
    bundle: true,
    packages: "external",
    platform: "node",
    format: "esm",
    target: "node20",
    sourcemap: "inline",
    define: { "import.meta.url": "sourceUrl", "import.meta.dirname": "sourceFolder" },
    plugins: [eachForItself],
    logLevel: "error",
  });
  return new Map(
    names
      .filter((name) => name.endsWith(".test.ts"))
      .map((name) => [name, join(target, name.replace(/\.ts$/, ".js"))]),
  );
}
