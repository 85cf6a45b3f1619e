/** The linter as one function: files in, findings out. Touches no file system. */
import type { Diagnostic, Effect } from "../diagnostics/diagnostic.js";
import type { EngineVersion } from "../model/model.js";
import type { SourceText } from "../ossec/xml/source.js";
import { applyBaseline, type Baseline } from "./baseline.js";
import { type Coverage, coverageOf } from "./coverage.js";
import type { Finding, PlacedFinding } from "./finding.js";
import type { InputFile } from "./input.js";
import { type LogFile, readLines } from "./lines.js";
import { effects } from "./model.js";
import { dialectOf, type LoadUnit, type PlanOptions, planLoads } from "./plan.js";
import { ruleByCode } from "./rules/index.js";
import { runRules } from "./run.js";
import { applySettings, type LintSettings, noSettings } from "./settings.js";
import { applySuppressions } from "./suppressions.js";
import { sayWazuhOnce } from "./wazuh-files.js";

export interface LintOptions extends PlanOptions {
  readonly homes?: readonly string[];
  readonly logs?: readonly LogFile[];
  readonly settings?: LintSettings;
  /** Findings about OSSEC's own rules and decoders as well; default: left out. */
  readonly includeStock?: boolean;
  /**
   * Findings that are true of every rule of their kind as well. Default: only where the files are all there is and
   * no stock composite is among them, as in a rule set of one's own.
   */
  readonly notes?: boolean;
  /** Findings that are known and not wanted again. */
  readonly baseline?: Baseline;
}

export type Summary = Readonly<Record<Effect | "files", number>>;

/** Findings that are not shown unless asked for. */
export interface LeftOut {
  /** About rules and decoders that came with the system (`--include-stock`). */
  readonly stock: number;
  /** True of every rule of their kind (`--notes`). */
  readonly notes: number;
  /** Known already (`--baseline`). */
  readonly baseline: number;
}

export interface LintResult {
  readonly findings: readonly Finding[];
  readonly placed: readonly PlacedFinding[];
  readonly summary: Summary;
  /** How many findings were not wanted. */
  readonly leftOut: LeftOut;
  readonly diagnostics: readonly Diagnostic[];
  readonly sources: readonly SourceText[];
  /** What was loaded together. */
  readonly units: readonly LoadUnit[];
  /** With log lines only. */
  readonly coverage: Coverage | null;
}

export function lintFiles(files: readonly InputFile[], options: LintOptions): LintResult {
  const { dialect, logs = [], settings = noSettings, includeStock = false } = options;
  const { units, diagnostics } = planLoads(files, options.homes ?? [], options);
  const placed: PlacedFinding[] = [];
  const sources: SourceText[] = [];
  let coverage: Coverage | null = null;
  for (const [index, unit] of units.entries()) {
    const { complete, ordered, alone } = unit;
    const { loaded } = unit;
    for (const source of loaded.written.files) sources.push(source);
    const lines = index === 0 && logs.length > 0 ? readLines(loaded, logs) : null;
    if (lines !== null) coverage = coverageOf(loaded, lines);
    const found = runRules(loaded, {
      dialect,
      complete,
      ordered,
      lines,
      includeStock,
      off: settings.off,
    });
    // What a file by itself does not resolve may be resolved by the others.
    for (const one of found) if (!alone || !isUnresolved(one.finding)) placed.push(one);
  }
  // Suppressions first: one of a finding that is left out anyway has its use.
  const all = applySettings(applySuppressions(placed, sources, dialectOf(options)), settings);
  const notes = options.notes ?? (options.closed && !all.some(isStockNote));
  const wanted = sortFindings(all.filter(({ quiet }) => quiet === undefined || (quiet === "note" && notes)));
  const known = options.baseline === undefined ? null : applyBaseline(wanted, options.baseline);
  const unknown = known?.kept ?? wanted;
  const { first, others } =
    dialect === "ossec" ? sayWazuhOnce(unknown, sources) : { first: null, others: unknown };
  const sorted = first === null ? others : [first, ...others];
  return {
    findings: sorted.map(({ finding }) => finding),
    placed: sorted,
    summary: summarise(sorted, files.length),
    leftOut: {
      stock: all.filter(({ quiet }) => quiet === "stock").length,
      notes: notes ? 0 : all.filter(({ quiet }) => quiet === "note").length,
      baseline: wanted.length - unknown.length,
    },
    diagnostics: [...diagnostics, ...(known?.diagnostics ?? [])],
    sources,
    units,
    coverage,
  };
}

/** What is true of the stock composites too is nothing to say of others beside them. */
function isStockNote({ quiet, finding }: PlacedFinding): boolean {
  return quiet === "stock" && ruleByCode(finding.code)?.note === true;
}

function isUnresolved({ code, severity }: Finding): boolean {
  return severity === "info" && /^OSSEC-(?:RULE-REFERENCE|DECODER-PARENT|LIST|DECODER-LISTS)$/.test(code);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** By file, place, code and message: two runs say the same in the same order. */
export function sortFindings(placed: readonly PlacedFinding[]): readonly PlacedFinding[] {
  return [...placed].sort(
    ({ finding: one }, { finding: other }) =>
      compare(one.file, other.file) ||
      one.line - other.line ||
      one.column - other.column ||
      compare(one.code, other.code) ||
      compare(one.message, other.message),
  );
}

function summarise(placed: readonly PlacedFinding[], files: number): Summary {
  const count = (effect: Effect): number => placed.filter(({ finding }) => finding.effect === effect).length;
  return {
    refused: count("refused"),
    dead: count("dead"),
    dangerous: count("dangerous"),
    misread: count("misread"),
    style: count("style"),
    files,
  };
}

/** Is there a finding of this effect or a worse one? */
export function fails(findings: readonly Finding[], from: Effect): boolean {
  const bad = new Set(effects.slice(0, effects.indexOf(from) + 1));
  return findings.some(({ effect }) => bad.has(effect));
}

export type { EngineVersion };
