/** One rule while its elements are read. */
import type { DiagnosticFactory } from "../../diagnostics/diagnostic.js";
import type { InternalOptions } from "../definitions.js";
import type { Dialect } from "../dialect.js";
import type { XmlElement } from "../xml/document.js";
import type { SourceRange } from "../xml/source.js";
import { codes } from "./codes.js";
import type { WrittenPatterns } from "./patterns.js";
import type { ProblemDetails, ProblemLog } from "./problems.js";
import type { RuleAttributes } from "./rule-attributes.js";
import type { RuleDraft } from "./rule-draft.js";
import type { ReadPattern } from "./rule-patterns.js";
import type { References } from "./rule-tree.js";

export interface RuleContext {
  readonly dialect: Dialect;
  readonly options: InternalOptions;
  readonly problems: ProblemLog;
  /** Names that `<decoded_as>` may use. */
  readonly decoders: { readonly names: ReadonlySet<string>; readonly incomplete: boolean };
  /** Lists that are loaded, by both names that a rule may use. */
  readonly lists: ReadonlyMap<string, unknown>;
  readonly logAlertLevel: number;
  readonly emailAlertLevel: number;
  readonly references: References;
  readonly patterns: WrittenPatterns;
}

/** Joined texts by element name in lower case; null: none, or dropped. */
export interface RuleTexts {
  group: string | null;
  description: string | null;
  info: string | null;
  cve: string | null;
  if_sid: string | null;
  if_level: string | null;
  if_group: string | null;
}

/** The texts of a rule, before one was read, in a group of this name. */
export function noTexts(group: string): RuleTexts {
  return {
    group,
    description: null,
    info: null,
    cve: null,
    if_sid: null,
    if_level: null,
    if_group: null,
  };
}

/** Texts that are joined, and compiled when all elements are read. */
export interface RuleReading {
  readonly context: RuleContext;
  readonly draft: RuleDraft;
  readonly attributes: RuleAttributes;
  /** In their turn. */
  readonly patterns: ReadPattern[];
  readonly texts: RuleTexts;
}

/** A value of this size or more is dropped (bytes, docs/reference/ossec.md#rule-elements). */
export const valueLimit = 2048;

/** The engine goes on without the rule. */
export function leaveOut(
  { draft, context }: RuleReading,
  code: DiagnosticFactory,
  at: SourceRange,
  message: string,
  details: ProblemDetails = {},
): void {
  draft.leftOut = true;
  context.problems.report(code, at, message, { ...details, outcome: "left-out" });
}

/** The engine says something and goes on. */
export function warn(
  { context }: RuleReading,
  code: DiagnosticFactory,
  at: SourceRange,
  message: string,
  details: ProblemDetails = {},
): void {
  context.problems.report(code, at, message, { ...details, outcome: "warning" });
}

export function fail(
  reading: RuleReading,
  code: DiagnosticFactory,
  at: SourceRange,
  message: string,
  details?: ProblemDetails,
): void {
  if (details?.unresolved !== true) reading.draft.refused = true;
  reading.context.problems.report(code, at, message, details);
}

/**
 * May the value be joined to this text? The first one must be shorter than the limit; later ones are appended
 * unless one of the two is longer than it. What does not fit drops everything so far.
 */
export function fits(reading: RuleReading, text: string | null, value: string, child: XmlElement): boolean {
  if (text === null ? value.length < valueLimit : text.length <= valueLimit && value.length <= valueLimit) {
    return true;
  }
  reading.context.problems.report(
    codes.valueDropped,
    child.content,
    `the value of <${child.name}> is too long (${valueLimit - 1} bytes at most): it is dropped, and what it asks for is not asked`,
    { outcome: "warning" },
  );
  return false;
}

/** Joins a value to a text as the engine does. */
export function joinText(
  reading: RuleReading,
  name: keyof RuleTexts,
  value: string,
  child: XmlElement,
): void {
  const { texts } = reading;
  const text = texts[name];
  if (!fits(reading, text, value, child)) texts[name] = null;
  else texts[name] = text === null ? value : text + value;
}
