/** Findings for people: grouped by file, with the source line and a caret. */
import type { Coverage } from "../lint/coverage.js";
import type { Finding } from "../lint/finding.js";
import type { LeftOut, Summary } from "../lint/lint.js";
import type { SourceText } from "../ossec/xml/source.js";
import { formatDiagnostic, noPaint, type Paint, printable } from "./diagnostics-text.js";

/** Longest stretch of a line that is shown. */
const width = 100;

function linesOf(source: SourceText): readonly string[] {
  return source.text.split(/\r\n|\n|\r/);
}

/** UTF-8 as people read it; a TAB becomes one blank so that the caret stays in its column. */
function shown(line: string): readonly string[] {
  return [...Buffer.from(line, "latin1").toString("utf8")].map((character) =>
    character === "\t" ? " " : printable(character),
  );
}

function excerpt(finding: Finding, characters: readonly string[], paint: Paint): string {
  const from = Math.max(0, finding.column - 1 - width / 2);
  const piece = characters.slice(from, from + width);
  const sameLine = finding.endLine === undefined || finding.endLine === finding.line;
  const end = sameLine ? (finding.endColumn ?? finding.column + 1) : characters.length + 1;
  const before = piece.slice(0, finding.column - 1 - from).join("").length;
  const marked = piece.slice(finding.column - 1 - from, Math.max(end, finding.column + 1) - 1 - from);
  const carets = "^".repeat(Math.max(1, marked.join("").length));
  return `    ${paint.dim(piece.join(""))}\n    ${" ".repeat(before)}${paint[finding.severity](carets)}\n`;
}

function summaryText({ files, ...counts }: Summary): string {
  const reported = Object.entries(counts).filter(([, count]) => count > 0);
  const all =
    reported.length === 0
      ? "nothing found"
      : reported.map(([effect, count]) => `${count} ${effect}`).join(", ");
  return `${files} ${files === 1 ? "file" : "files"}: ${all}\n`;
}

/** What was found and is not shown, with the flag that shows it. */
function leftOutText({ stock, notes, baseline }: LeftOut): string {
  const parts = [
    ...(stock > 0 ? [`${stock} about rules and decoders that came with the system (--include-stock)`] : []),
    ...(notes > 0 ? [`${notes} true of every such rule (--notes)`] : []),
    ...(baseline > 0 ? [`${baseline} in the baseline`] : []),
  ];
  return parts.length === 0 ? "" : `left out: ${parts.join(", ")}\n`;
}

export function findingsText(
  findings: readonly Finding[],
  summary: Summary,
  leftOut: LeftOut,
  sources: readonly SourceText[],
  paint: Paint = noPaint,
): string {
  const byFile = new Map(sources.map((source) => [source.file, source]));
  const lines = new Map<string, readonly string[]>();
  // Findings come in the order of their places: of a long line with many of them the characters are made once.
  let last = { file: "", line: 0, characters: shown("") };
  const charactersOf = ({ file, line }: Finding): readonly string[] => {
    if (last.file !== file || last.line !== line)
      last = { file, line, characters: shown(lines.get(file)?.[line - 1] ?? "") };
    return last.characters;
  };
  let text = "";
  let file = "";
  for (const finding of findings) {
    if (finding.file !== file) {
      text += `${file === "" ? "" : "\n"}${paint.bold(printable(finding.file))}\n`;
      file = finding.file;
    }
    const source = byFile.get(file);
    if (source !== undefined && !lines.has(file)) lines.set(file, linesOf(source));
    const characters = charactersOf(finding);
    const { help, ...headless } = finding;
    const whose = finding.dialect === "wazuh" ? " in Wazuh" : "";
    text += formatDiagnostic(
      { ...headless, message: `${finding.message} [${finding.effect}${whose}]` },
      paint,
    );
    if (characters.length > 0) text += excerpt(finding, characters, paint);
    if (help !== undefined) text += `  ${paint.dim(`help: ${printable(help)}`)}\n`;
  }
  return `${text}${findings.length > 0 ? "\n" : ""}${summaryText(summary)}${leftOutText(leftOut)}`;
}

/** What the lines of `--logs` reached, as a table. */
export function coverageText(coverage: Coverage): string {
  const { things, lines, undecoded, neverReported, lost, lostLines } = coverage;
  const reached = (kind: "rule" | "decoder"): string => {
    const all = things.filter((thing) => thing.kind === kind);
    return `${all.filter(({ matched }) => matched > 0).length} of ${all.length} ${kind}s`;
  };
  const rows = things
    .filter(({ matched }) => matched > 0)
    .map(
      ({ kind, name, file, line, matched, reported }) =>
        `  ${kind.padEnd(8)}${printable(name).padEnd(28)}${String(matched).padStart(8)}${String(kind === "rule" ? reported : "").padStart(10)}  ${file}:${line}\n`,
    );
  const never = things.filter(({ matched }) => matched === 0);
  const unread = undecoded
    .slice(0, 10)
    .map(({ file, line, text }) => `  ${file}:${line} ${printable(text).slice(0, width)}\n`);
  const more = undecoded.length > 10 ? `  and ${undecoded.length - 10} more\n` : "";
  return (
    `coverage of ${lines} lines: ${reached("rule")}, ${reached("decoder")}\n` +
    `  ${"".padEnd(36)} matched  reported\n${rows.join("")}` +
    (never.length === 0 ? "" : `never matched: ${never.map(({ name }) => printable(name)).join(" ")}\n`) +
    (neverReported.length === 0 ? "" : `matched but never reported: ${neverReported.join(" ")}\n`) +
    lostText(lost, lines, lostLines) +
    (undecoded.length === 0
      ? ""
      : `${undecoded.length} lines that no decoder took:\n${unread.join("")}${more}`)
  );
}

function lostText(lost: Coverage["lost"], lines: number, looked: number): string {
  if (lost.length === 0) return "";
  const rows = lost.map(({ rule, lines: count, to, file, line }) => {
    const winners = to
      .slice(0, 4)
      .map(({ rule: by, lines: times }) => `${by}${to.length > 1 ? ` (${times})` : ""}`);
    const more = to.length > 4 ? ` and ${to.length - 4} more` : "";
    return `  rule    ${String(rule).padEnd(28)}${String(count).padStart(8)}  to ${winners.join(", ")}${more}  ${file}:${line}\n`;
  });
  const sample = looked < lines ? ` in the first ${looked} lines` : "";
  return `always lose to a sibling${sample}:\n${rows.join("")}`;
}

/** The same in the form of lcov: a rule or decoder is a line of its file. */
export function coverageLcov({ things, lost }: Coverage): string {
  const byFile = new Map<string, string[]>();
  for (const { file, line, name, kind, matched } of things) {
    const records = byFile.get(file) ?? [];
    records.push(`FN:${line},${kind} ${name}`, `FNDA:${matched},${kind} ${name}`, `DA:${line},${matched}`);
    byFile.set(file, records);
  }
  // A branch of a rule's line: the sibling that took its events, and how many.
  for (const { file, line, to } of lost) {
    for (const { rule, lines } of to) byFile.get(file)?.push(`BRDA:${line},0,${rule},${lines}`);
  }
  return [...byFile]
    .map(([file, records]) => `TN:\nSF:${file}\n${records.join("\n")}\nend_of_record\n`)
    .join("");
}
