/** What became of decoders on a line: also of those that were not tried. */
import type {
  DecoderDefinition,
  LoadedOssec,
  PatternDefinition,
  RuleDefinition,
} from "../ossec/definitions.js";
import type { Dialect } from "../ossec/dialect.js";
import type { AnalysedEvent, CrashedEvent, FailedCondition } from "../ossec/engine/index.js";
import type { Matcher } from "../ossec/patterns/index.js";
import type { DecoderAttempt, RuleAttempt } from "./recorder.js";

type Decoded = AnalysedEvent | CrashedEvent;

/** What became of a decoder on a line. */
export type DecoderFate =
  | { readonly kind: "matched" }
  | { readonly kind: "failed"; readonly failed: FailedCondition }
  /** Not tried, and why. */
  | { readonly kind: "not-tried"; readonly reason: string; readonly wouldFit: boolean };

export interface DecoderReport {
  readonly decoder: DecoderDefinition;
  readonly fate: DecoderFate;
}

const compiled = new WeakMap<PatternDefinition, Matcher | "none">();

function fits({ compilePattern }: Dialect, pattern: PatternDefinition | null, text: string): boolean {
  if (pattern === null) return false;
  let matcher = compiled.get(pattern);
  if (matcher === undefined) {
    const result = compilePattern(pattern);
    matcher = result.ok ? result.value : "none";
    compiled.set(pattern, matcher);
  }
  return matcher !== "none" && matcher.test(text);
}

/** Why a pattern fails that would fit more of the line than it is shown; null: it would not. */
function hint(
  dialect: Dialect,
  pattern: PatternDefinition | null,
  failed: FailedCondition,
  event: Decoded,
): string | null {
  const { fullLog, log } = event;
  const { found } = failed;
  if (found !== null && found !== log && log.endsWith(found) && fits(dialect, pattern, log))
    return "it fits the whole message, but not what its offset leaves of it";
  if (log !== fullLog && fits(dialect, pattern, fullLog)) {
    const at = fullLog.indexOf(log);
    const cut = at > 0 ? `: pre-decoding has cut off '${fullLog.slice(0, at)}'` : "";
    return `it fits the whole line, but not what is left of it${cut}`;
  }
  return null;
}

function noted(
  dialect: Dialect,
  failed: FailedCondition,
  pattern: PatternDefinition | null,
  event: Decoded,
): FailedCondition {
  const note = hint(dialect, pattern, failed, event);
  if (note === null) return failed;
  return { ...failed, note: failed.note === undefined ? note : `${failed.note}; ${note}` };
}

/** The same with a note where the pattern would fit the whole line. */
export function notedDecoder(dialect: Dialect, attempt: DecoderAttempt, event: Decoded): DecoderAttempt {
  const { decoder, failed } = attempt;
  if (failed === null) return attempt;
  const pattern =
    failed.condition === "prematch" ? decoder.prematch : failed.condition === "regex" ? decoder.regex : null;
  return pattern === null ? attempt : { decoder, failed: noted(dialect, failed, pattern, event) };
}

export function notedRule(dialect: Dialect, attempt: RuleAttempt, event: Decoded): RuleAttempt {
  const { rule, failed } = attempt;
  if (failed === null) return attempt;
  const pattern =
    failed.condition === "match" ? rule.match : failed.condition === "regex" ? rule.regex : null;
  return pattern === null ? attempt : { ...attempt, failed: noted(dialect, failed, pattern, event) };
}

/** Words of a line among which its program stands, if it names one. */
const firstWords = 8;

/** The word that a person would take for the program's name, if the decoder asks for it; null: there is none. */
function namedProgram(
  dialect: Dialect,
  { programName, prematch }: DecoderDefinition,
  { fullLog, log }: Decoded,
): string | null {
  const words = fullLog
    .split(/\s+/, firstWords)
    .flatMap((word) => /^[A-Za-z][\w./-]+/.exec(word)?.[0] ?? [])
    .filter((word) => word.length > 2);
  const word = words.find((one) => fits(dialect, programName, one));
  if (word === undefined) return null;
  const message = fullLog.slice(fullLog.indexOf(word) + word.length).replace(/^(?:\[\d+\])?:? ?/, "");
  return prematch === null || fits(dialect, prematch, message) || fits(dialect, prematch, log) ? word : null;
}

function notTried(
  decoder: DecoderDefinition,
  { dialect, decoders }: LoadedOssec,
  attempts: readonly DecoderAttempt[],
  event: Decoded,
): Omit<Extract<DecoderFate, { kind: "not-tried" }>, "kind"> {
  const { programName } = event;
  const because = (reason: string, wouldFit = false) => ({ reason, wouldFit });
  const taker = attempts.find(({ decoder: one, failed }) => one.parent === null && failed === null)?.decoder;
  if (decoder.parent !== null) {
    if (taker === undefined || taker.name !== decoder.parent)
      return because(`its parent ${decoder.parent} has not taken the line`);
    return because("another child of its parent has taken the line before it");
  }
  const list = programName === null ? decoders.withoutProgramName : decoders.withProgramName;
  if (!list.some((node) => node.decoder === decoder)) {
    if (programName === null) {
      const word = namedProgram(dialect, decoder, event);
      const fit =
        word === null ? "" : `; it would fit '${word}', had pre-decoding taken that for the program`;
      return because(
        `the line has no program name, and the decoder asks for one with <program_name>${fit}`,
        word !== null,
      );
    }
    const would = fits(dialect, decoder.prematch ?? decoder.regex, event.log);
    const fit = would ? "; its pattern would fit" : "";
    return because(
      `the line has the program name '${programName}', and the decoder has no <program_name>${fit}`,
      would,
    );
  }
  return because(
    taker === undefined ? "the engine did not come to it" : `${taker.name} has taken the line before it`,
  );
}

/** What became of a decoder, with the attempts that were recorded (with their notes). */
export function decoderReport(
  decoder: DecoderDefinition,
  loaded: LoadedOssec,
  attempts: readonly DecoderAttempt[],
  event: Decoded,
): DecoderReport {
  const last = attempts.filter((attempt) => attempt.decoder === decoder).at(-1);
  if (last === undefined)
    return { decoder, fate: { kind: "not-tried", ...notTried(decoder, loaded, attempts, event) } };
  return {
    decoder,
    fate: last.failed === null ? { kind: "matched" } : { kind: "failed", failed: last.failed },
  };
}

/** Decoders of the other list (lines with, or without a program name) that would have fitted. */
export function passedOver(
  loaded: LoadedOssec,
  attempts: readonly DecoderAttempt[],
  event: Decoded,
): readonly DecoderReport[] {
  const { dialect } = loaded;
  const { withProgramName, withoutProgramName } = loaded.decoders;
  const others = event.programName === null ? withProgramName : withoutProgramName;
  return others
    .filter(({ decoder }) =>
      event.programName === null
        ? namedProgram(dialect, decoder, event) !== null
        : fits(dialect, decoder.prematch, event.log),
    )
    .map(({ decoder }) => decoderReport(decoder, loaded, attempts, event));
}

/** Its pattern fits, but not what the engine shows it of the line, or the line is not offered to it. */
export const nearlyTook = ({ fate }: DecoderReport): boolean =>
  fate.kind === "failed" ? fate.failed.note !== undefined : fate.kind === "not-tried" && fate.wouldFit;

/** The decoders that a rule, or one above it, names in `<decoded_as>`. */
export function decodersOf(
  loaded: LoadedOssec,
  rules: readonly RuleDefinition[],
): readonly DecoderDefinition[] {
  const names = new Set(rules.flatMap(({ decodedAs }) => decodedAs ?? []));
  return loaded.decoders.all.filter(({ reportedName }) => names.has(reportedName));
}
