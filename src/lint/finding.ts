import type { Diagnostic, Effect } from "../diagnostics/diagnostic.js";
import type { LoadOutcome } from "../ossec/definitions.js";
import type { SourceRange } from "../ossec/xml/source.js";
import type { Fix } from "./model.js";

/** A diagnostic of the linter. Effect always, trap where docs/reference/ossec.md#traps has a name for it. */
export interface Finding extends Diagnostic {
  readonly effect: Effect;
  /** The engine's message number (refused findings). */
  readonly engineMessage?: number;
  readonly outcome?: LoadOutcome;
  readonly fixable?: boolean;
  /** Whose engine it is about, where that is not OSSEC's. */
  readonly dialect?: "wazuh";
}

/** A finding with what its reporters and the fixer need beyond its text. */
export interface PlacedFinding {
  readonly finding: Finding;
  readonly place: SourceRange | null;
  readonly fix: Fix | null;
  /** Why it is not shown unless asked for: what it is about came with the system, or nothing can be done about it. */
  readonly quiet?: "stock" | "note";
}
