/** The proof of an import, from its draft and the files that it was made from. */
import type { StepWatch } from "../../files/reading-watch.js";
import type { Draft, OldFiles } from "../draft.js";
import { type Proof, prove } from "./prove.js";
import { type Emitted, surroundingsOf } from "./surroundings.js";

export interface ProveOptions {
  /** The home whose own rules stand below the files (`--with`). */
  readonly home: string | null;
  /** Files of lines that both have to answer alike. */
  readonly logs: readonly string[];
  /** Text of TZ, for the dates of logs. */
  readonly timeZone: string | undefined;
  readonly show: (path: string) => string;
  readonly watch?: StepWatch;
}

/**
 * Compares what is emitted of a bundle with the files that it was imported from. The bundle may have been changed since.
 * Null: nothing of the files can be loaded.
 */
export async function proveImport(
  draft: Draft,
  emitted: Emitted,
  old: OldFiles,
  { home, logs, timeZone, show, watch }: ProveOptions,
): Promise<Proof | null> {
  const around = surroundingsOf(draft, emitted, old, home, show);
  if (around === null) return null;
  const came = draft.modules.flatMap(({ detections, raw }) =>
    [...detections, ...raw].flatMap(({ origin }) => origin.rules),
  );
  // What did not come over is a difference, too.
  const lost = draft.refused.flatMap(({ rules = [] }) => rules);
  const rules = new Set([...came, ...lost]);
  const input = { ...around, rules, logs, year: null, timeZone, show };
  return prove(watch === undefined ? input : { ...input, watch });
}
