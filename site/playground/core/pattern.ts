/** The pattern tester: one pattern, some texts, every engine. */
import type { DialectName } from "../../../src/ossec/dialect.js";
import type { Backtracking, PatternLanguage } from "../../../src/ossec/patterns/index.js";
import { latin1, placeOf, utf8 } from "./bytes.js";
import { type Construct, constructsOf } from "./constructs.js";
import { engineNames } from "./input.js";
import { dialectOf } from "./load.js";

export interface PatternQuestion {
  readonly language: PatternLanguage;
  readonly pattern: string;
  /** A text a line. */
  readonly texts: string;
}

/** What an engine makes of a text. */
export interface TextMatch {
  readonly matches: boolean;
  /** Behind the match, in the text; null: there is none, or the engine stands before the text. */
  readonly end: number | null;
  /** In the order in which `<order>` names them. */
  readonly captures: readonly string[];
  /** The engine dies while it copies the captures. */
  readonly dies: boolean;
}

export interface EnginePattern {
  readonly engine: DialectName;
  /** Why the engine, or zopf, does not run it; null: it runs. */
  readonly refused: string | null;
  readonly groups: number;
  readonly cost: { readonly kind: Backtracking["kind"]; readonly text: string };
  readonly texts: readonly TextMatch[];
}

export interface PatternAnswer {
  readonly constructs: readonly Construct[];
  /** The same in Wazuh, where a part means something else there; else null. */
  readonly inWazuh: readonly (string | null)[];
  readonly engines: readonly EnginePattern[];
  readonly texts: readonly string[];
}

/** More texts are not shown. */
const textLimit = 200;

function costText(backtracking: Backtracking, isWazuhs: boolean): string {
  switch (backtracking.kind) {
    case "linear":
      return "the time grows with the length of the text";
    case "unknown":
      return isWazuhs
        ? "how the time grows is not worked out for Wazuh's own matcher"
        : "too large to say how the time grows";
    case "polynomial":
      return `the time may grow with the length to the power of ${backtracking.degree}: ${backtracking.place}`;
    case "exponential":
      return `the time may double with every byte: ${backtracking.place}`;
  }
}

const refusal = (engine: DialectName, reason: string): EnginePattern => ({
  engine,
  refused: reason,
  groups: 0,
  cost: { kind: "unknown", text: "" },
  texts: [],
});

function ofEngine(
  engine: DialectName,
  { language, pattern }: PatternQuestion,
  texts: readonly string[],
): EnginePattern {
  const text = latin1(pattern);
  const { compilePattern, loading } = dialectOf(engine);
  if (text.length > loading.patternLimit)
    return refusal(engine, `longer than the ${loading.patternLimit} bytes that a rule may have`);
  const compiled = compilePattern({ language, text });
  if (!compiled.ok) {
    const { reason, unsupported, engineMessage, crash } = compiled;
    const who =
      crash === true
        ? "the engine dies of it"
        : engineMessage === undefined
          ? "zopf does not run it as the engine does"
          : `refused (${engineMessage})`;
    return refusal(engine, `${who}: ${reason}${unsupported === undefined ? "" : ` (${unsupported})`}`);
  }
  const { value } = compiled;
  return {
    engine,
    refused: null,
    groups: value.groups,
    cost: { kind: value.backtracking.kind, text: costText(value.backtracking, engine === "wazuh4") },
    texts: texts.map((line) => {
      const found = value.exec(line);
      const end = found === null || found.end < 0 ? null : placeOf(line, found.end);
      return {
        matches: found !== null,
        end,
        captures: (found?.captures ?? []).map(utf8),
        dies: found?.crash === true,
      };
    }),
  };
}

export function patternAnswer(question: PatternQuestion): PatternAnswer {
  const { language, pattern } = question;
  const texts = question.texts.split("\n", textLimit);
  if (texts.at(-1) === "" && texts.length > 1) texts.pop();
  const lines = texts.map(latin1);
  const constructs = constructsOf(language, pattern, false);
  const inWazuh = constructsOf(language, pattern, true);
  return {
    constructs,
    inWazuh: constructs.map(({ meaning }, at) => {
      const other = inWazuh[at]?.meaning;
      return other === undefined || other === meaning ? null : other;
    }),
    engines: pattern === "" ? [] : engineNames.map((engine) => ofEngine(engine, question, lines)),
    texts,
  };
}
