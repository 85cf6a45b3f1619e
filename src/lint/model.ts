/** What a lint rule is, and what it says. */

import type { Effect, Severity } from "../diagnostics/diagnostic.js";
import type { DialectName } from "../ossec/dialect.js";
import type { SourceRange } from "../ossec/xml/source.js";
import type { LintContext } from "./context.js";

export type Dialect = "ossec" | "wazuh";

/** A replacement of bytes of one file; `text` is a latin1 string like the source. */
export interface TextEdit {
  readonly place: SourceRange;
  readonly text: string;
}

/** Something that can be done without changing what matches. */
export interface Fix {
  readonly title: string;
  readonly edits: readonly TextEdit[];
}

export interface FindingDetails {
  readonly help?: string;
  /** Milder than the rule's own severity, never harsher. */
  readonly severity?: Severity;
  readonly fix?: Fix;
  /**
   * What brought it about, where that stands elsewhere: a finding about a stock rule is reported there, or not at
   * all where that came with the system too.
   */
  readonly cause?: SourceRange;
  /** As {@link LintRule.note}, for this finding. */
  readonly note?: boolean;
}

/** Reports a finding. The message says what is wrong with this very thing. */
export type Report = (place: SourceRange, message: string, details?: FindingDetails) => void;

/**
 * Texts of an example. What a finding points at stands between `«` and `»` (taken out before the text is
 * used). Rules may be given without the `<group>` around them.
 */
export interface Example {
  readonly decoders?: string;
  readonly rules?: string;
  /** Sections without the `<ossec_config>` around them. */
  readonly conf?: string;
  readonly logs?: readonly string[];
}

export interface LintRule {
  /** Stable. */
  readonly code: string;
  /** Name of a trap of docs/reference/ossec.md#traps or wazuh.md#wazuh-traps. */
  readonly trap?: string;
  readonly title: string;
  readonly effect: Effect;
  /** Default: that of the effect. */
  readonly severity?: Severity;
  /** Default: OSSEC only. */
  readonly dialects?: readonly Dialect[];
  /** Versions it holds for; default: all. */
  readonly engines?: readonly DialectName[];
  readonly why: string;
  /** What to write instead; the help of a finding that has none of its own. */
  readonly instead?: string;
  readonly bad: Example;
  readonly good: Example;
  /** Citations of docs/reference/: `docs/reference/ossec.md#correlation (Memory), #versions`. */
  readonly reference: string;
  /** The bad example after `--fix`; absent: a person must say what was meant. */
  readonly fixed?: Example;
  /** True of every rule of its kind, so that nothing can be done about it: reported only with `--notes`. */
  readonly note?: boolean;
  /** Looks at lines (`--logs`). */
  readonly needsLogs?: boolean;
  /** Absent where the loader itself finds it: its problems carry the rule's code. */
  readonly check?: (context: LintContext, report: Report) => void;
}

const severities: Readonly<Record<Effect, Severity>> = {
  refused: "error",
  dead: "error",
  dangerous: "warning",
  misread: "warning",
  style: "info",
};

const ranks: readonly Severity[] = ["info", "warning", "error"];

/** The mildest of what is given. */
function mildest(...given: readonly Severity[]): Severity {
  return ranks.find((severity) => given.includes(severity)) ?? "error";
}

export function severityOf(rule: LintRule, wanted?: Severity): Severity {
  const own = rule.severity ?? severities[rule.effect];
  return mildest(own, severities[rule.effect], wanted ?? own);
}

/** Effects from the worst to the mildest. */
export const effects: readonly Effect[] = ["refused", "dead", "dangerous", "misread", "style"];
