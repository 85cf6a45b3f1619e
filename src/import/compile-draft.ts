import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { type Compiled, compileLoaded } from "../compiler/fresh.js";
import type { Diagnostic, Span } from "../diagnostics/diagnostic.js";
import { bundleOf, type Draft } from "./draft.js";
import type { Emitted } from "./proof/surroundings.js";
import type { WrittenFile } from "./writer/bundle-file.js";

export type CompiledDraft =
  | { readonly ok: true; readonly entry: Compiled }
  | { readonly ok: false; readonly diagnostics: readonly Diagnostic[] };

export type CompiledFiles =
  | { readonly ok: true; readonly emitted: Emitted }
  | Extract<CompiledDraft, { readonly ok: false }>;

/**
 * Compiles a draft without TypeScript: its values are plain data. Diagnostics stand where a part came from in the files
 * that are imported. Not for drafts with functions.
 */
export function compileDraft(draft: Draft): CompiledDraft {
  const places = originsOf(draft);
  const start: Span = { file: draft.settings.name, line: 1, column: 1 };
  const value = bundleOf(draft);
  const locate = (holder: object, ...path: readonly (string | number)[]): Span => {
    let found = places.get(holder);
    let at: unknown = holder;
    for (const step of path) {
      if (typeof at !== "object" || at === null) break;
      at = Reflect.get(at, step);
      if (typeof at === "object" && at !== null) found = places.get(at) ?? found;
    }
    return found ?? start;
  };
  return compileLoaded({ value, files: [], cacheable: false, locate, sourceOf: () => null }, new Map());
}

/** Compiles what was written, in a folder of its own: the way for drafts with functions. Places are in these files. */
export async function compileWritten(files: readonly WrittenFile[], name: string): Promise<CompiledFiles> {
  const folder = mkdtempSync(join(tmpdir(), "zopf-import-"));
  try {
    for (const { path, text } of files) {
      mkdirSync(dirname(join(folder, path)), { recursive: true });
      writeFileSync(join(folder, path), text);
    }
    const { compileBundles } = await import("../compiler/compile.js");
    const { ok, bundles, diagnostics } = await compileBundles([join(folder, `${name}.zopf.ts`)], {
      show: (path) => path,
      cache: false,
    });
    const [bundle] = bundles;
    if (ok && bundle !== undefined) return { ok: true, emitted: bundle };
    return {
      ok: false,
      diagnostics: diagnostics.map((one) => ({ ...one, file: relative(folder, one.file) })),
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Without TypeScript where a draft has no functions, or as its source has compiled it already. */
export async function compileAny(
  draft: Draft,
  files: readonly WrittenFile[],
  known?: CompiledDraft,
): Promise<CompiledFiles> {
  if (known === undefined && draft.functions !== undefined) return compileWritten(files, draft.settings.name);
  const compiled = known ?? compileDraft(draft);
  return compiled.ok ? { ok: true, emitted: compiled.entry } : compiled;
}

/** Every object of the draft with the place it came from. */
function originsOf(draft: Draft): ReadonlyMap<object, Span> {
  const places = new Map<object, Span>();
  const add = (value: unknown, place: Span): void => {
    if (typeof value !== "object" || value === null || places.has(value)) return;
    places.set(value, place);
    for (const held of Object.values(value)) add(held, place);
  };
  const { settings, modules, lists, responses } = draft;
  const all = [
    ...lists,
    ...modules.flatMap(({ detections, raw }) => [...detections, ...raw]),
    ...responses,
    ...settings.neverBlock,
    ...settings.ownAddresses,
  ];
  for (const { value, origin } of all) add(value, origin.place);
  return places;
}
