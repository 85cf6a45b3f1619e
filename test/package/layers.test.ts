import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { Project } from "ts-morph";
import { test } from "uvu";
import * as assert from "uvu/assert";

const root = fileURLToPath(new URL("../..", import.meta.url));
const source = join(root, "src");

/** The declared order is the table of docs/architecture.md, highest folder first. */
const rows = [
  ...readFileSync(join(root, "docs", "architecture.md"), "utf8").matchAll(
    /^\| `([a-z-]+)\/` \| (yes)? *\| .+ \|$/gm,
  ),
];
const order = rows.map(([, folder]) => folder ?? "");
/** Folders that a browser loads. */
const inBrowser = new Set(rows.flatMap(([, folder = "", browser]) => (browser === "yes" ? [folder] : [])));
/** Of a folder that reads files as well: what of it a browser loads. */
const inBrowserBelow = ["zeek/values/"];
/** Of a folder that a browser loads: what of it is about this host, and stays there. */
const onHost = ["lint/host/"];

interface Import {
  readonly from: string;
  /** A path below src/, or the name of a package or of a module of Node. */
  readonly to: string;
  readonly line: number;
  /** Something of it is there when the program runs. */
  readonly value: boolean;
}

const project = new Project({ skipAddingFilesFromTsConfig: true, skipFileDependencyResolution: true });
project.addSourceFilesAtPaths(join(source, "**/*.ts"));
const imports: readonly Import[] = project.getSourceFiles().flatMap((file) => {
  const from = relative(source, file.getFilePath());
  const target = (specifier: string): string =>
    specifier.startsWith(".") ? join(dirname(from), specifier).replace(/\.js$/, ".ts") : specifier;
  return [
    ...[...file.getImportDeclarations(), ...file.getExportDeclarations()].flatMap((declaration) => {
      const specifier = declaration.getModuleSpecifierValue();
      if (specifier === undefined) return [];
      const value = !declaration.isTypeOnly();
      return [{ from, to: target(specifier), line: declaration.getStartLineNumber(), value }];
    }),
    // `import("…")`, of types as well as of modules: those that wait for their time make no cycle of values.
    ...file.getImportStringLiterals().flatMap((literal) => {
      const call = literal.getParent();
      if (call?.getKindName() === "ImportDeclaration" || call?.getKindName() === "ExportDeclaration")
        return [];
      return [
        { from, to: target(literal.getLiteralText()), line: literal.getStartLineNumber(), value: false },
      ];
    }),
  ];
});

/** Of a path below src/; null for a file that lies in src/ itself, which may import everything. */
function folderOf(path: string): string | null {
  const at = path.indexOf("/");
  return at < 0 ? null : path.slice(0, at);
}

const isOwn = ({ to }: Import): boolean => to.endsWith(".ts");
const place = ({ from, line, to }: Import): string => `src/${from}:${line} imports ${to}`;

test("the imports of the sources are found", () => {
  assert.ok(imports.length > 1000);
  assert.ok(imports.some(({ value }) => !value));
  assert.equal(
    imports.filter(({ to }) => to.startsWith(".")),
    [],
  );
});

test("docs/architecture.md lists the folders of src/", () => {
  const folders = readdirSync(source, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== "schemas")
    .map(({ name }) => name);
  assert.equal([...order].sort(), folders.sort());
});

test("imports run downwards between folders", () => {
  const upwards = imports.filter(isOwn).filter(({ from, to }) => {
    const [upper, lower] = [folderOf(from), folderOf(to)];
    if (upper === null || upper === lower) return false;
    return lower === null || order.indexOf(upper) > order.indexOf(lower);
  });
  assert.equal(upwards.map(place), []);
});

test("files import each other in no circle", () => {
  const next = new Map<string, string[]>();
  for (const { from, to } of imports.filter(isOwn).filter(({ value }) => value))
    next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<string>();
  const circles: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    const start = path.indexOf(file);
    if (start >= 0) circles.push([...path.slice(start), file].join(" > "));
    if (start >= 0 || done.has(file)) return;
    for (const to of next.get(file) ?? []) visit(to, [...path, file]);
    done.add(file);
  };
  for (const file of next.keys()) visit(file, []);
  assert.equal(circles, []);
});

test("what a browser loads imports nothing of Node's", () => {
  const ofNode = imports.filter(
    ({ from, to }) =>
      to.startsWith("node:") &&
      !onHost.some((start) => from.startsWith(start)) &&
      (inBrowser.has(folderOf(from) ?? "") || inBrowserBelow.some((start) => from.startsWith(start))),
  );
  assert.equal(ofNode.map(place), []);
});

test.run();
