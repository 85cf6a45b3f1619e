/** In place of src/merge/load-merged-home.ts: a page plays a bundle by itself. */
export function loadMergedHome(): never {
  throw new Error("bug: a page has no OSSEC home");
}
