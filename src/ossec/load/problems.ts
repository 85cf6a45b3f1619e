import type { DiagnosticFactory, Effect } from "../../diagnostics/diagnostic.js";
import type { LoadOutcome, LoadProblem, OssecProgram } from "../definitions.js";
import { type SourceRange, spanOf } from "../xml/source.js";

/** The programs that read decoders, rules and most of ossec.conf. */
export const engines: readonly OssecProgram[] = ["analysisd", "logtest"];

export interface ProblemDetails {
  /** Default `error`. */
  readonly outcome?: LoadOutcome;
  /** Default {@link engines}. */
  readonly programs?: readonly OssecProgram[];
  /** The engine's message number. */
  readonly engineMessage?: number;
  readonly help?: string;
  /** A reference that may lie in a file that was not given: told, not refused. */
  readonly unresolved?: boolean;
}

/** Collects what the engine would say, in the order in which it comes upon it. */
export interface ProblemLog {
  readonly list: readonly LoadProblem[];
  report(code: DiagnosticFactory, at: SourceRange, message: string, details?: ProblemDetails): void;
}

/** What ends a program: it does not start, or not in the end. */
type StoppingOutcome = Exclude<LoadOutcome, "warning" | "left-out">;

/** Does the engine not start with it? */
export function stops(outcome: LoadOutcome): outcome is StoppingOutcome {
  return outcome !== "warning" && outcome !== "left-out";
}

/** @param whose - the engine whose messages have the numbers */
export function createProblemLog(whose: "OSSEC" | "Wazuh" = "OSSEC"): ProblemLog {
  const list: LoadProblem[] = [];
  const stopped = new Set<OssecProgram>();
  return {
    list,
    report(code, at, message, details = {}) {
      const outcome = details.unresolved === true ? "warning" : (details.outcome ?? "error");
      const programs = details.programs ?? engines;
      const stopping = stops(outcome);
      const first = stopping && programs.some((program) => !stopped.has(program));
      if (stopping) for (const program of programs) stopped.add(program);
      const number = details.engineMessage;
      const diagnostic = code(
        spanOf(at),
        number === undefined ? message : `${message} (${whose} message ${number})`,
        details.help,
      );
      const effect: { effect: Effect } | object = stopping
        ? { effect: "refused" }
        : outcome === "left-out"
          ? { effect: "dead" }
          : {};
      const severity = details.unresolved === true ? "info" : stopping ? "error" : "warning";
      list.push({
        ...diagnostic,
        ...effect,
        severity,
        outcome,
        programs,
        first,
        ...(number === undefined ? {} : { engineMessage: number }),
      });
    },
  };
}

export type ProgramVerdict = "ok" | StoppingOutcome;

/** Does a program stop here, so that the configuration must not be installed? */
export function stopsProgram({ outcome, severity }: LoadProblem): boolean {
  return stops(outcome) && severity === "error";
}

/** What the config check of a program ends with: its first problem that is no warning. */
export function programVerdict(problems: readonly LoadProblem[], program: OssecProgram): ProgramVerdict {
  for (const { outcome, programs } of problems)
    if (stops(outcome) && programs.includes(program)) return outcome;
  return "ok";
}
