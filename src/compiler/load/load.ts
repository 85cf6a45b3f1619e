import type { LoadOptions, LoadResult } from "./types.js";

/** Loads one bundle. */
export async function loadBundle(file: string, options: LoadOptions = {}): Promise<LoadResult> {
  const [only] = await loadBundles([file], options);
  return only ?? { ok: false, diagnostics: [] };
}

/** Loads bundles with one program for all; the results in the order of the files. */
export async function loadBundles(
  files: readonly string[],
  _options: LoadOptions = {},
): Promise<readonly LoadResult[]> {
  return files.map(() => ({ ok: false, diagnostics: [] }));
}
