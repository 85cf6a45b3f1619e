/** The linter's findings as an editor shows them: at their places, with their fixes. */

import type { Effect, Severity } from "../../../src/diagnostics/diagnostic.js";
import { type InputFile, inputFile } from "../../../src/lint/input.js";
import { lintFiles } from "../../../src/lint/lint.js";
import { ruleByCode } from "../../../src/lint/rules/index.js";
import type { DialectName } from "../../../src/ossec/dialect.js";
import type { SourceText } from "../../../src/ossec/xml/source.js";
import { latin1, placeOf, utf8 } from "./bytes.js";
import type { EditorName, PlaygroundInput } from "./input.js";
import { editorOf, fits, looseFiles } from "./load.js";
import { homeOf, inputFilesOf, loosePlaces, type Ruleset } from "./ruleset.js";

/** A replacement; offsets in the editor's text. */
export interface Edit {
  readonly editor: Exclude<EditorName, "lines">;
  readonly from: number;
  readonly to: number;
  readonly text: string;
}

export interface ShownFinding {
  readonly code: string;
  readonly severity: Severity;
  readonly effect: Effect;
  readonly message: string;
  readonly help: string | null;
  /** Why the rule of the linter is there. */
  readonly why: string | null;
  readonly editor: EditorName;
  readonly line: number;
  readonly from: number;
  readonly to: number;
  readonly fix: { readonly title: string; readonly edits: readonly Edit[] } | null;
}

/** Wazuh's files are linted as such, and OSSEC's by the version that reads them. */
function optionsOf(engine: DialectName) {
  return engine === "wazuh4"
    ? ({ engine: "4.3", dialect: "wazuh" } as const)
    : ({ engine, dialect: "ossec" } as const);
}

/** Lines of the editor that rules may look at. */
const lineLimit = 2000;

/** Where the log lines are said to stand. */
const logFile = "lines";

/**
 * What the linter says of the editors' own texts, beside the rule set or without it.
 *
 * @param closed - without a rule set: these texts are all that there is
 */
export function findingsOf(
  input: PlaygroundInput,
  ruleset: Ruleset | null,
  closed: boolean,
): readonly ShownFinding[] {
  const home = fits(ruleset, input.engine) ? homeOf(ruleset, input) : null;
  const whole = home !== null;
  const files: readonly InputFile[] = whole
    ? inputFilesOf(home.files).map((file) =>
        // Below etc/ it would be a home's, which names the files to load.
        home.guessedOrder && file.kind === "conf" ? { ...file, path: loosePlaces.conf } : file,
      )
    : [...looseFiles(input)].flatMap(([path, bytes]) => inputFile(path, bytes, true) ?? []);
  const lines = input.lines
    .split("\n", lineLimit)
    .flatMap((text, at) => (text.trim() === "" ? [] : [{ text: latin1(text), number: at + 1 }]));
  if (files.length + lines.length === 0) return [];
  const { placed } = lintFiles(files, {
    ...optionsOf(input.engine),
    closed: whole || closed,
    order: null,
    glob: null,
    // What is true of every rule of its kind is news to whoever writes the first one.
    notes: true,
    ...(whole && !home.guessedOrder ? { homes: ["."] } : {}),
    ...(lines.length > 0 ? { logs: [{ file: logFile, lines: lines.map(({ text }) => text) }] } : {}),
  });
  const texts = { decoders: latin1(input.decoders), rules: latin1(input.rules), conf: latin1(input.conf) };
  /** What was added behind the reader's text is none of it. */
  const at = (source: SourceText, offset: number) => {
    const editor = editorOf(source.file);
    return editor === null || offset > texts[editor].length
      ? null
      : { editor, offset: placeOf(texts[editor], offset) };
  };
  return placed.flatMap(({ finding, place, fix }): readonly ShownFinding[] => {
    const { code, severity, effect, message, help } = finding;
    const said = { code, severity, effect, message, help: help ?? null, why: ruleByCode(code)?.why ?? null };
    if (finding.file === logFile) {
      const line = lines[finding.line - 1]?.number ?? 1;
      const from = lineStart(input.lines, line);
      return [{ ...said, editor: "lines", line, from, to: lineEnd(input.lines, from), fix: null }];
    }
    const editor = editorOf(finding.file);
    if (editor === null) return [];
    const from =
      place === null ? lineStart(input[editor], finding.line) : at(place.source, place.start)?.offset;
    if (from === undefined) return [];
    const to = place === null ? from : (at(place.source, place.end)?.offset ?? from);
    const edits = (fix?.edits ?? []).map((edit): Edit | null => {
      const start = at(edit.place.source, edit.place.start);
      const end = at(edit.place.source, edit.place.end);
      return start === null || end === null
        ? null
        : { editor: start.editor, from: start.offset, to: end.offset, text: utf8(edit.text) };
    });
    const placedEdits = edits.filter((edit) => edit !== null);
    return [
      {
        ...said,
        editor,
        line: finding.line,
        from,
        to,
        fix:
          fix === null || placedEdits.length < edits.length ? null : { title: fix.title, edits: placedEdits },
      },
    ];
  });
}

function lineStart(text: string, line: number): number {
  let at = 0;
  for (let number = 1; number < line; number++) {
    const end = text.indexOf("\n", at);
    if (end < 0) return text.length;
    at = end + 1;
  }
  return at;
}

function lineEnd(text: string, from: number): number {
  const end = text.indexOf("\n", from);
  return end < 0 ? text.length : end;
}
