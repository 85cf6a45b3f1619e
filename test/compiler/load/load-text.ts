import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import {
  type LoadedBundle,
  type LoadOptions,
  type LoadResult,
  loadBundle,
} from "../../../src/compiler/load/index.js";
import type { Diagnostic, Span } from "../../../src/diagnostics/diagnostic.js";
import { scratchFolder } from "../../scratch-folder.js";

/** A new folder with the given files; removed when the process ends. */
export function folderWith(files: Readonly<Record<string, string | Buffer>>): string {
  const folder = scratchFolder("load");
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), content);
  }
  return folder;
}

/** Loads a source as `test.zopf.ts`, with other files beside it. */
export async function loadText(
  source: string | Buffer,
  beside: Readonly<Record<string, string | Buffer>> = {},
  options: LoadOptions = {},
): Promise<LoadResult> {
  const cwd = folderWith({ "test.zopf.ts": source, ...beside });
  return loadBundle("test.zopf.ts", { cwd, ...options });
}

/** Loads a source that must be fine. */
export async function loadFine(...given: Parameters<typeof loadText>): Promise<LoadedBundle> {
  const result = await loadText(...given);
  if (!result.ok) throw new Error(`does not load: ${result.diagnostics.map(shown).join("\n")}`);
  return result.bundle;
}

/** Loads a source that must not be fine; its diagnostics, each as `file:line:column code message`. */
export async function loadBad(...given: Parameters<typeof loadText>): Promise<readonly string[]> {
  const result = await loadText(...given);
  if (result.ok) throw new Error("loads");
  return result.diagnostics.map(shown);
}

export function shown(one: Diagnostic): string {
  return `${one.file}:${one.line}:${one.column} ${one.code} ${one.message}`;
}

/** The text that a span covers. */
export function textAt(source: string, span: Span): string {
  const lines = source.split(/\r\n|\n/).map((line) => Array.from(line));
  const endLine = span.endLine ?? span.line;
  const endColumn = span.endColumn ?? span.column;
  return lines
    .slice(span.line - 1, endLine)
    .map((line, index, all) => {
      const from = index === 0 ? span.column - 1 : 0;
      const to = index === all.length - 1 ? endColumn - 1 : line.length;
      return line.slice(from, to).join("");
    })
    .join("\n");
}

/** One detection; `more` is put into it, `fields` replaces the defaults. */
export function detection(name: string, more = ""): string {
  return `{ kind: "zeek", name: "${name}", event: "new_connection", per: (c) => c.id.orig_h, count: { events: true }, threshold: 5, window: { sliding: "1 min" }, notice: { message: (hit) => \`x \${hit.key}\` }, rule: { level: 6, description: "d" }, ${more} }`;
}

/** A whole bundle file around some detections. */
export function bundle(detections: string, before = "", more = ""): string {
  return `import { defineBundle, pf, Site, type Detection } from "zopf";
${before}
export default defineBundle({
  name: "test",
  ossec: { home: "/var/ossec" },
  ${more}
  detections: [${detections}],
});
`;
}
