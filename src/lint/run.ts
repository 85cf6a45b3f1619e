/** Runs the rules over one loaded configuration. */
import type { Severity } from "../diagnostics/diagnostic.js";
import type { LoadedOssec, LoadProblem } from "../ossec/definitions.js";
import type { Dialect as EngineDialect } from "../ossec/dialect.js";
import { stops } from "../ossec/load/problems.js";
import { spanOf } from "../ossec/xml/source.js";
import { type ContextOptions, createContext } from "./context.js";
import { isBuiltIn } from "./elements.js";
import type { Finding, PlacedFinding } from "./finding.js";
import { helpFor } from "./help.js";
import { type LintRule, severityOf } from "./model.js";
import { ruleByCode, rules } from "./rules/index.js";
import { wazuhCode } from "./wazuh-codes.js";
import { escapeLess } from "./xml-fix.js";

export interface RunOptions extends ContextOptions {
  /** Rules that are switched off. */
  readonly off?: ReadonlySet<string>;
}

/** Findings of the loader's problems, then those of every rule. */
export function runRules(loaded: LoadedOssec, options: RunOptions): readonly PlacedFinding[] {
  const context = createContext(loaded, options);
  const found: PlacedFinding[] = loaded.problems.map((problem) => {
    const placed = fromProblem(problem, loaded.dialect);
    const { file, line, effect } = placed.finding;
    if (effect !== "refused" && context.stock.isStockLine(file, line)) return { ...placed, quiet: "stock" };
    if (problem.code !== "OSSEC-XML") return placed;
    const source = loaded.written.files.find((one) => one.file === problem.file);
    const fix = source === undefined ? null : escapeLess(source, loaded.dialect);
    return fix === null ? placed : { ...placed, finding: { ...placed.finding, fixable: true }, fix };
  });
  const { dialect, off } = options;
  for (const rule of rules) {
    if (rule.check === undefined || off?.has(rule.code) === true) continue;
    if (!(rule.dialects ?? ["ossec"]).includes(dialect)) continue;
    if (rule.engines !== undefined && !rule.engines.includes(loaded.dialect.name)) continue;
    if (rule.needsLogs === true && options.lines === null) continue;
    const seen = new Set<string>();
    rule.check(context, (place, message, details = {}) => {
      if (isBuiltIn(place)) return;
      const { cause } = details;
      const isStock = context.stock.isStock(place);
      const moved = isStock && cause !== undefined && !context.stock.isStock(cause);
      const at = moved ? cause : place;
      const key = `${at.source.file}\n${at.start}\n${message}`;
      if (seen.has(key)) return;
      seen.add(key);
      const note = details.note ?? rule.note ?? false;
      const quiet = isStock && !moved ? "stock" : note ? "note" : undefined;
      const help = details.help ?? rule.instead;
      const fix = details.fix ?? null;
      found.push({
        finding: {
          code: rule.code,
          severity: severityOf(rule, details.severity),
          effect: rule.effect,
          ...(rule.trap === undefined ? {} : { trap: rule.trap }),
          message,
          ...(help === undefined ? {} : { help }),
          ...spanOf(at),
          ...(fix === null ? {} : { fixable: true }),
          ...(dialect === "wazuh" ? { dialect } : {}),
        },
        place: at,
        fix,
        ...(quiet === undefined ? {} : { quiet }),
      });
    });
  }
  return found;
}

/** What the engine only warns of is no error, even if another engine refuses it. */
function warned(rule: LintRule): Severity {
  return rule.effect === "refused" ? "warning" : severityOf(rule);
}

/** The loader's own problems: refused, or what it logs and goes on with. */
function fromProblem(problem: LoadProblem, dialect: EngineDialect): PlacedFinding {
  const { outcome, programs: _programs, first: _first, engineMessage, ...diagnostic } = problem;
  const isWazuh = dialect.product === "Wazuh";
  const code = isWazuh ? wazuhCode(problem.code, problem.message) : problem.code;
  const rule: LintRule | undefined = ruleByCode(code);
  const stopping = stops(outcome);
  const unresolved = !stopping && problem.severity === "info";
  const effect = stopping
    ? "refused"
    : unresolved || rule === undefined
      ? "style"
      : outcome === "left-out"
        ? "dead"
        : rule.effect;
  const trap = stopping || unresolved ? undefined : rule?.trap;
  const help =
    diagnostic.help ??
    helpFor(code, problem.message, dialect) ??
    (unresolved ? "It may stand in a file that was not given: name that as well." : rule?.instead);
  const finding: Finding = {
    ...diagnostic,
    code,
    severity: stopping ? "error" : unresolved || rule === undefined ? "info" : warned(rule),
    effect: effect === "refused" && !stopping ? "misread" : effect,
    ...(trap === undefined ? {} : { trap }),
    ...(help === undefined ? {} : { help }),
    ...(engineMessage === undefined ? {} : { engineMessage }),
    ...(stopping ? { outcome } : {}),
    ...(isWazuh ? { dialect: "wazuh" } : {}),
  };
  return { finding, place: null, fix: null };
}
