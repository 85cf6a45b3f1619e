/** One rule while its elements are read. */
import type { DiagnosticFactory } from "../../diagnostics/diagnostic.js";
import type { EngineVersion } from "../definitions.js";
import { contentPlace, type XmlDocument, type XmlElement } from "../xml/document.js";
import type { Place } from "../xml/source.js";
import { codes } from "./codes.js";
import type { JoinedText } from "./patterns.js";
import type { ProblemDetails, ProblemLog } from "./problems.js";
import type { RuleDraft } from "./rule-draft.js";
import type { References } from "./rule-tree.js";

export interface RuleContext {
  readonly engine: EngineVersion;
  readonly problems: ProblemLog;
  /** Names that `<decoded_as>` may use. */
  readonly decoders: { readonly names: ReadonlySet<string>; readonly incomplete: boolean };
  /** Lists that are loaded, by both names that a rule may use. */
  readonly lists: ReadonlyMap<string, unknown>;
  readonly logAlertLevel: number;
  readonly emailAlertLevel: number;
  readonly references: References;
}

/** Texts that are joined and compiled when all elements are read. */
export interface RuleReading {
  readonly document: XmlDocument;
  readonly context: RuleContext;
  readonly draft: RuleDraft;
  /** By element name in lower case. */
  readonly patterns: Map<string, JoinedText>;
  /** Other joined texts, by element name in lower case. */
  readonly texts: Map<string, JoinedText>;
}

/** A value of this size or more is dropped (bytes, spec/ossec.md 6.3). */
export const valueLimit = 2048;

export function fail(
  reading: RuleReading,
  code: DiagnosticFactory,
  at: Place,
  message: string,
  details?: ProblemDetails,
): void {
  if (details?.unresolved !== true) reading.draft.refused = true;
  reading.context.problems.report(code, at, message, details);
}

/**
 * Joins like the engine: the first value must be shorter than the limit; later ones are appended unless
 * one of the two is longer than it. What does not fit drops everything so far.
 */
export function joinValue(
  reading: RuleReading,
  into: Map<string, JoinedText>,
  name: string,
  value: string,
  child: XmlElement,
): void {
  const at = contentPlace(reading.document, child);
  const joined = into.get(name);
  const fits =
    joined === undefined
      ? value.length < valueLimit
      : joined.text.length <= valueLimit && value.length <= valueLimit;
  if (!fits) {
    into.delete(name);
    reading.context.problems.report(
      codes.valueDropped,
      at,
      `the value of <${child.name}> is too long (${valueLimit - 1} bytes at most): it is dropped, and what it asks for is not asked`,
      { outcome: "warning" },
    );
  } else if (joined === undefined) {
    into.set(name, { text: value, places: [at] });
  } else {
    joined.text += value;
    joined.places.push(at);
  }
}
