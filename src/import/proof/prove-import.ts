/** The proof of an import, from its draft and the files that it was made from. */
import type { Diagnostic } from "../../diagnostics/diagnostic.js";
import { compileDraft } from "../compile-draft.js";
import type { Draft } from "../draft.js";
import { type Proof, prove } from "./prove.js";
import { type Emitted, type OldFiles, surroundingsOf } from "./surroundings.js";

export interface ProveOptions {
  /** The home whose own rules stand below the files (`--with`). */
  readonly home: string | null;
  /** Files of lines that both have to answer alike. */
  readonly logs: readonly string[];
  readonly timeZone: string | undefined;
  readonly show: (path: string) => string;
}

export interface ProofOutcome {
  /** Null: the draft does not compile, or there is nothing to compare it with. */
  readonly proof: Proof | null;
  readonly diagnostics: readonly Diagnostic[];
}

/** Compiles a draft and compares what is emitted with the files. */
export async function proveDraft(draft: Draft, old: OldFiles, options: ProveOptions): Promise<ProofOutcome> {
  const compiled = compileDraft(draft);
  if (!compiled.ok) {
    const diagnostics = compiled.diagnostics.filter(({ severity }) => severity === "error");
    return { proof: null, diagnostics };
  }
  return proveEmitted(draft, compiled.entry, old, options);
}

/** Compares what is emitted of a bundle, which may have been changed since it was imported. */
export async function proveEmitted(
  draft: Draft,
  emitted: Emitted,
  old: OldFiles,
  { home, logs, timeZone, show }: ProveOptions,
): Promise<ProofOutcome> {
  const around = surroundingsOf(draft, emitted, old, home, show);
  if (around === null) return { proof: null, diagnostics: [] };
  const proof = await prove({ ...around, logs, year: null, timeZone, show });
  return { proof, diagnostics: proof.diagnostics };
}
