// Compiles test/ to .build/test/, once for the whole suite. The tests then run what is shipped: their imports from
// src/ become imports from dist/. `import.meta.url` stays the place of the source, beside which the data of tests lie.
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(root, "test");
const target = join(root, ".build", "test");

/** Where a test's import leads to once it is compiled. */
function compiledImport(specifier, folder) {
  const path = resolve(folder, specifier);
  const isBelow = (name) => path.startsWith(join(root, name) + sep);
  if (isBelow("src")) return pathToFileURL(join(root, "dist", relative(join(root, "src"), path))).href;
  if (isBelow("test") && path.endsWith(".js"))
    return pathToFileURL(join(target, relative(source, path))).href;
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
  rmSync(target, { recursive: true, force: true });
  const names = readdirSync(source, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".ts"),
  );
  await build({
    entryPoints: names.map((name) => join(source, name)),
    outdir: target,
    outbase: source,
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
      .map((name) => [join("test", name), join(target, name.replace(/\.ts$/, ".js"))]),
  );
}
