/** `zopf explain RULE|LINE`: from the arguments to the text. */
import { type Diagnostic, declareDiagnostic } from "../diagnostics/diagnostic.js";
import { LineCutter } from "../files/lines.js";
import type { EngineVersion } from "../model/model.js";
import type { LoadedOssec } from "../ossec/definitions.js";
import { createEngine, patternProblems } from "../ossec/engine/index.js";
import { explainLine, ruleVerdict } from "./explain.js";
import { explanationJson, verdictJson } from "./explain-json.js";
import { explanationText, verdictText } from "./explain-text.js";

export const unknownRule = declareDiagnostic({
  code: "EXPLAIN-UNKNOWN-RULE",
  severity: "error",
  title: "A rule number that no loaded file defines.",
});

const noLines = declareDiagnostic({
  code: "EXPLAIN-NO-LINES",
  severity: "warning",
  title: "There is nothing to explain a rule on",
});

export interface ExplainOptions {
  readonly loaded: LoadedOssec;
  readonly engine?: EngineVersion;
  /** A rule number, or a line (UTF-8). */
  readonly what: string;
  /** RULE: the lines to look at. LINE: the lines that came before it. null: none. */
  readonly earlier: AsyncIterable<Uint8Array> | null;
  readonly ownHostname: string;
  readonly timeZone: string | undefined;
  /** `@time EPOCH` lines set the clock. */
  readonly control: boolean;
  /** Also what plainly did not match. */
  readonly all: boolean;
  readonly format: "text" | "json";
  readonly now: () => number;
  /** Takes the explanation piece by piece (UTF-8 text for people, or JSON lines). */
  readonly write: (text: string) => void | Promise<void>;
}

export interface Explained {
  readonly problems: readonly Diagnostic[];
}

const utf8 = (latin1: string): string => Buffer.from(latin1, "latin1").toString("utf8");
const controlLine = /^@time[ \t]+(\d{1,15})[ \t\r]*$/;

async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const cutter = new LineCutter();
  for await (const chunk of chunks) yield* cutter.push(chunk);
  const rest = cutter.end();
  if (rest !== null) yield rest;
}

/** Explains a line, or what became of a rule on lines. */
export async function explain(options: ExplainOptions): Promise<Explained> {
  const { loaded, what, format, all } = options;
  const rule = /^\d{1,6}$/.test(what) ? Number(what) : null;
  const nowhere = { file: "-", line: 1, column: 1 };
  if (rule !== null && loaded.ruleById.get(rule) === undefined) {
    const known = loaded.rules.find(({ id }) => id === rule);
    const reason = known === undefined ? "is not defined" : "hangs nowhere in the tree: it is never tried";
    return { problems: [unknownRule(nowhere, `rule ${rule} ${reason}`)] };
  }
  const engine = createEngine(loaded, {
    ownHostname: options.ownHostname,
    timeZone: options.timeZone,
    mode: "logtest",
  });
  if (engine.unrunnable.length > 0) return { problems: patternProblems(engine.unrunnable, loaded.written) };
  let clock: number | null = null;
  let lines = 0;
  const time = () => clock ?? options.now();
  for await (const line of options.earlier === null ? [] : linesOf(options.earlier)) {
    const set = options.control ? controlLine.exec(line)?.[1] : undefined;
    if (set !== undefined) clock = Number(set);
    else if (rule === null) engine.process(line, time());
    else {
      lines += 1;
      const explanation = explainLine(engine, line, time());
      const verdict = ruleVerdict(explanation, loaded, rule);
      if (format === "json")
        await options.write(`${JSON.stringify({ line: utf8(line), rule, ...verdictJson(verdict) })}\n`);
      else if (explanation.event.kind !== "ignored")
        await options.write(`${utf8(line)}\n  ${utf8(verdictText(verdict, rule))}`);
    }
  }
  if (rule === null) {
    const explanation = explainLine(engine, Buffer.from(what, "utf8").toString("latin1"), time());
    await options.write(
      format === "json"
        ? `${JSON.stringify(explanationJson(explanation))}\n`
        : utf8(explanationText(explanation, all)),
    );
  } else if (lines === 0)
    return {
      problems: [
        noLines(
          nowhere,
          `no line was given, so nothing can be said of rule ${rule}`,
          "give some with --logs FILE, or on standard input",
        ),
      ],
    };
  return { problems: [] };
}
