import type { CompiledBundle } from "../compiler/compile.js";
import type { Span } from "../diagnostics/diagnostic.js";
import type { Outcome } from "./outcome.js";

/** A log line that a bundle's OSSEC files are there for, latin1. */
export interface SampleText {
  readonly line: string;
  /** Where it comes from, for people. */
  readonly from: string;
}

/** A compiled bundle whose files lie in a folder of their own, for programs that read files. */
export interface LaidOut {
  readonly bundle: CompiledBundle;
  /** Holds the files at their output paths. */
  readonly folder: string;
  readonly lines: readonly SampleText[];
}

export interface EngineContext {
  readonly program: string;
  readonly bundles: readonly LaidOut[];
  /** For whatever else an engine needs; removed afterwards. */
  readonly scratch: string;
  /** An OSSEC home that the bundles will live in; null: each is checked with the category roots alone. */
  readonly home: string | null;
  readonly show: (path: string) => string;
}

export type EngineCheck = (context: EngineContext) => Promise<Outcome>;

/** Where diagnostics about a generated file point: its bundle. */
export function bundleSpan({ bundle }: LaidOut, show: (path: string) => string): Span {
  return { file: show(bundle.file), line: 1, column: 1 };
}
