/** Runs the rules over one loaded configuration. */
import type { LoadedOssec, LoadProblem } from "../ossec/definitions.js";
import { spanOf } from "../ossec/xml/source.js";
import { type ContextOptions, createContext } from "./context.js";
import { isBuiltIn } from "./elements.js";
import type { Finding, PlacedFinding } from "./finding.js";
import { helpFor } from "./help.js";
import { type LintRule, severityOf } from "./model.js";
import { ruleByCode, rules } from "./rules/index.js";
import { escapeLess } from "./xml-fix.js";

export interface RunOptions extends ContextOptions {
  /** Rules that are switched off. */
  readonly off?: ReadonlySet<string>;
}

/** Findings of the loader's problems, then those of every rule. */
export function runRules(loaded: LoadedOssec, options: RunOptions): readonly PlacedFinding[] {
  const context = createContext(loaded, options);
  const found: PlacedFinding[] = loaded.problems.map((problem) => {
    const placed = fromProblem(problem);
    const { file, line, effect } = placed.finding;
    if (effect !== "refused" && context.stock.isStockLine(file, line)) return { ...placed, quiet: "stock" };
    if (problem.code !== "OSSEC-XML" || options.dialect !== "ossec") return placed;
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
      // Fixes are checked with OSSEC's engine.
      const fix = dialect === "ossec" ? (details.fix ?? null) : null;
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
        },
        place: at,
        fix,
        ...(quiet === undefined ? {} : { quiet }),
      });
    });
  }
  return found;
}

/** The loader's own problems: refused, or what it logs and goes on with. */
function fromProblem(problem: LoadProblem): PlacedFinding {
  const { outcome, programs: _programs, first: _first, engineMessage, ...diagnostic } = problem;
  const rule: LintRule | undefined = ruleByCode(problem.code);
  const stops = outcome !== "warning";
  const unresolved = !stops && problem.severity === "info";
  const effect = stops ? "refused" : unresolved || rule === undefined ? "style" : rule.effect;
  const trap = stops || unresolved ? undefined : rule?.trap;
  const help =
    diagnostic.help ??
    helpFor(problem.code, problem.message) ??
    (unresolved ? "It may stand in a file that was not given: name that as well." : rule?.instead);
  const finding: Finding = {
    ...diagnostic,
    severity: stops ? "error" : unresolved ? "info" : rule === undefined ? "info" : severityOf(rule),
    effect: effect === "refused" && !stops ? "misread" : effect,
    ...(trap === undefined ? {} : { trap }),
    ...(help === undefined ? {} : { help }),
    ...(engineMessage === undefined ? {} : { engineMessage }),
    ...(stops ? { outcome } : {}),
  };
  return { finding, place: null, fix: null };
}
