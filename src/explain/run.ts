/** `zopf explain RULE|LINE`: from the arguments to the text. */

import { type Diagnostic, declareDiagnostic } from "../diagnostics/diagnostic.js";
import { jsonOf } from "../diagnostics/schema-version.js";
import { LineCutter } from "../files/lines.js";
import type { EngineVersion } from "../model/model.js";
import type { LoadedOssec } from "../ossec/definitions.js";
import { createEngine, patternProblems } from "../ossec/engine/index.js";
import { latin1, utf8 } from "./bytes.js";
import { type DecoderReport, decoderReport, decodersOf } from "./decoders.js";
import {
  explainLine,
  type RuleVerdict,
  rulesAbove,
  ruleVerdict,
  type WatchedLine,
  watchLine,
} from "./explain.js";
import { explanationJson, pastedJson, reportJson, verdictJson } from "./explain-json.js";
import { explanationText, reportsText, verdictText } from "./explain-text.js";
import { locationOf, type Original, Originals, originalOf } from "./original.js";

const unknownRule = declareDiagnostic({
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
  /** Where lines come from that do not say it themselves; undefined: `stdin`. */
  readonly location?: string | undefined;
  readonly ownHostname: string;
  readonly timeZone: string | undefined;
  /** `@time EPOCH` lines set the clock; of Wazuh `@location TEXT` lines say where the next ones come from. */
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

const controlLine = /^@time[ \t]+(\d{1,15})[ \t\r]*$/;

async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
  const cutter = new LineCutter();
  for await (const chunk of chunks) yield* cutter.push(chunk);
  const rest = cutter.end();
  if (rest !== null) yield rest;
}

/** What became of the decoders that a rule needs, where it was not tried for the want of one. */
function neededDecoders(
  { event, decoders }: WatchedLine,
  loaded: LoadedOssec,
  id: number,
  verdict: RuleVerdict,
): readonly DecoderReport[] {
  if (event.kind === "ignored") return [];
  const decodedAs =
    (verdict.kind === "failed" || verdict.kind === "parent-failed") &&
    verdict.attempt.failed?.condition === "decoded_as";
  if (!decodedAs && verdict.kind !== "taken" && verdict.kind !== "category") return [];
  const rule = loaded.ruleById.get(id);
  const rules = [...(rule === undefined ? [] : [rule]), ...rulesAbove(loaded, id)];
  return decodersOf(loaded, rules)
    .map((decoder) => decoderReport(decoder, loaded, decoders, event))
    .filter(({ decoder, fate }) => decoder.parent === null || fate.kind !== "not-tried");
}

/** Explains a line, or what became of a rule on lines. */
export async function explain(options: ExplainOptions): Promise<Explained> {
  const { loaded, what, format, all } = options;
  const rule = /^\d{1,6}$/.test(what) ? Number(what) : null;
  const nowhere = { file: "-", line: 1, column: 1 };
  if (rule !== null && loaded.ruleById.get(rule) === undefined) {
    const known = loaded.rules.find(({ id }) => id === rule);
    const reason =
      known === undefined ? "is not defined" : "is attached nowhere in the tree: it is never tried";
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
  let { location } = options;
  const placeOf = (original: Original) => locationOf(original, loaded.dialect) ?? location;
  const controlsLocation = options.control && loaded.dialect.engine.agentLocation === "numbered";
  const originals = new Originals();
  for await (const text of options.earlier === null ? [] : linesOf(options.earlier)) {
    const set = options.control ? controlLine.exec(text)?.[1] : undefined;
    if (set !== undefined) {
      clock = Number(set);
      continue;
    }
    if (controlsLocation && text.startsWith("@location ")) {
      location = text.slice("@location ".length).replace(/\r$/, "");
      continue;
    }
    const original = originals.next(text);
    if (original === null) continue;
    const { line, pasted } = original;
    if (rule === null) {
      engine.process(line, time(), placeOf(original));
      continue;
    }
    lines += 1;
    const watched = watchLine(engine, loaded.dialect, line, time(), placeOf(original));
    const verdict = ruleVerdict(watched, loaded, rule);
    const needed = neededDecoders(watched, loaded, rule, verdict);
    if (format === "json") {
      const decoders = needed.length === 0 ? {} : { decoders: needed.map(reportJson) };
      const said = { line: utf8(line), ...pastedJson(pasted), rule, ...verdictJson(verdict), ...decoders };
      await options.write(jsonOf("explain", said));
    } else if (watched.event.kind !== "ignored") {
      const before = pasted === null ? "" : `  pasted from ${pasted.from}; what stood before is cut off\n`;
      const reports = reportsText(needed).replace(/^(?=.)/gm, "    ");
      await options.write(utf8(`${line}\n${before}  ${verdictText(verdict, rule)}${reports}`));
    }
  }
  if (rule === null) {
    const original = originalOf(latin1(what));
    const explanation = explainLine(engine, loaded, original.line, time(), placeOf(original));
    await options.write(
      format === "json"
        ? jsonOf("explain", explanationJson(explanation, original.pasted))
        : utf8(explanationText(explanation, all, original.pasted)),
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
