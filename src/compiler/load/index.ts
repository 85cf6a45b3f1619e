/** The loader: a user's `*.zopf.ts` file, checked, run, its default export traceable to its source. */
export { loadBundle, loadBundles } from "./load.js";
export { spanOfNode, spanOfRange } from "./span.js";
export type {
  FunctionNode,
  InputFile,
  LoadedBundle,
  LoadOptions,
  LoadResult,
  TaggedFunction,
} from "./types.js";
export { type TypeScript, typescript } from "./typescript.js";
