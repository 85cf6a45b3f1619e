/** Runs the examples of a rule as its users would. */
import { exampleFiles } from "../../src/lint/docs.js";
import { fileKind, type InputFile } from "../../src/lint/input.js";
import type { LogFile } from "../../src/lint/lines.js";
import { type LintResult, lintFiles } from "../../src/lint/lint.js";
import type { Dialect, Example } from "../../src/lint/model.js";
import { positionAt, sourceText } from "../../src/ossec/xml/source.js";

/** Where a finding is said to stand. */
export interface Mark {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly endLine: number;
  readonly endColumn: number;
}

export function lintExample(
  example: Example,
  dialect: Dialect = "ossec",
): {
  readonly result: LintResult;
  readonly marks: readonly Mark[];
} {
  const files: InputFile[] = [];
  const logs: LogFile[] = [];
  const marks: Mark[] = [];
  for (const [file, marked] of exampleFiles(example)) {
    const from = marked.indexOf("«");
    const text = marked.replace(/[«»]/g, "");
    if (from >= 0) {
      const source = sourceText(file, text);
      const start = positionAt(source, from);
      const end = positionAt(source, marked.indexOf("»") - 1);
      marks.push({ file, ...start, endLine: end.line, endColumn: end.column });
    }
    if (file.endsWith(".log")) logs.push({ file, lines: text.trimEnd().split("\n") });
    else
      files.push({
        path: file,
        kind: fileKind(file, text, true) ?? "rules",
        bytes: Buffer.from(text, "utf8"),
      });
  }
  const result = lintFiles(files, {
    engine: "4.3",
    dialect,
    closed: true,
    order: null,
    glob: () => 0,
    logs,
  });
  return { result, marks };
}
