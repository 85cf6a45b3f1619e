import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { jsonOf } from "../diagnostics/schema-version.js";
import type { ImportResult } from "../import/import.js";
import { formatDiagnostic, type Paint, printable, sortDiagnostics } from "./diagnostics-text.js";
import {
  alike,
  byFolder,
  type Called,
  fileSummaries,
  nextSteps,
  type Reason,
  rawReasons,
  refusedReasons,
  totalsOf,
} from "./import-summary.js";
import { proofJson, proofText } from "./proof.js";

/** One document (schemas/import.schema.json). */
export function importJson(result: ImportResult, show: (path: string) => string): string {
  const { from, draft, refused, written, proof, diagnostics } = result;
  const files = fileSummaries(result);
  const { rules, raw } = totalsOf(files);
  return jsonOf("import", {
    from,
    bundle: draft?.settings.name ?? null,
    rules,
    raw,
    files,
    responses: draft?.responses.length ?? 0,
    neverBlock: draft?.settings.neverBlock.length ?? 0,
    lists: draft?.lists.length ?? 0,
    refused: refused.map(({ what, place, reason, help, rules: ids = [] }) => ({
      what,
      file: place.file,
      line: place.line,
      column: place.column,
      reason,
      ...(help === undefined ? {} : { help }),
      rules: ids,
    })),
    reasons: refusedReasons(result).map(({ reason, parts }) => ({ reason, parts: parts.length })),
    written: written.map(({ path, changed }) => ({ path: show(path), changed })),
    proof: proof === null ? null : proofJson(proof),
    diagnostics: sortDiagnostics(diagnostics),
  });
}

/** Files that are named one by one; of more only the folders are. */
const mostFiles = 15;
/** Parts that are named for each reason. */
const mostParts = 5;

/** What came over, file by file or folder by folder, what did not and why, what was written, and the verdict. */
export function importText(
  result: ImportResult,
  called: Called,
  show: (path: string) => string,
  paint: Paint,
): string {
  const { draft, written, proof } = result;
  const lines: string[] = [];
  const files = fileSummaries(result);
  if (files.length <= mostFiles)
    for (const { file, rules, as } of files) lines.push(`${printable(file)}: ${became(rules, as)}`);
  else
    for (const { folder, files: count, rules, as } of byFolder(files))
      lines.push(`${printable(folder)}/ (${counted(count, "file")}): ${became(rules, as)}`);
  const raw = rawReasons(files);
  const refused = refusedReasons(result);
  const { rules, raw: rawRules } = totalsOf(files);
  if (raw.length > 0) lines.push("", `${counted(rawRules, "rule")} as raw XML, because:`);
  for (const one of raw) lines.push(...reasonLines(one, paint));
  if (refused.length > 0)
    lines.push("", `${counted(result.refused.length, partOf(result))} did not come over, because:`);
  for (const one of refused) lines.push(...reasonLines(one, paint));
  if (lines.length > 0) lines.push("");
  if (draft !== null) {
    const all = result.refused.length;
    const share =
      rawRules === 0 ? "" : `, ${rawRules} of them as raw XML (${((100 * rawRules) / rules).toFixed(1)} %)`;
    const others = all === 0 || partOf(result) === "rule" ? "" : `; ${counted(all, "part")} did not`;
    const of = partOf(result) === "rule" && all > 0 ? ` of ${rules + all}` : "";
    lines.push(
      `${paint.bold(`${rules}${of} ${rules === 1 && of === "" ? "rule" : "rules"} came over`)}${share}${others}`,
    );
  }
  lines.push(...writtenLines(written, show));
  const verdict = proof === null ? "" : proofText(proof, paint);
  return lines.map((line) => `${line}\n`).join("") + verdict + nextText(result, called, paint);
}

function writtenLines(written: ImportResult["written"], show: (path: string) => string): readonly string[] {
  const word = (changed: boolean): string => (changed ? "wrote" : "unchanged");
  if (written.length <= mostFiles)
    return written.map(({ path, changed }) => `${word(changed)} ${printable(show(path))}`);
  // The bundle itself comes first.
  return [true, false].flatMap((wanted) => {
    const [first, ...more] = written.filter(({ changed }) => changed === wanted);
    if (first === undefined) return [];
    const others = more.length === 0 ? "" : ` and ${counted(more.length, "file")} beside it`;
    return [`${word(wanted)} ${printable(show(first.path))}${others}`];
  });
}

/** Every part of Sigma's files is a rule. */
function partOf({ from }: ImportResult): "rule" | "part" {
  return from === "sigma" ? "rule" : "part";
}

function became(rules: number, as: Readonly<Record<string, number>>): string {
  if (rules === 0) return "decoders";
  const kinds = Object.entries(as);
  const [first] = kinds;
  if (kinds.length === 1 && first !== undefined) return `${counted(rules, "rule")}, kind ${first[0]}`;
  return `${counted(rules, "rule")}: ${kinds.map(([kind, count]) => `${count} ${kind}`).join(", ")}`;
}

function reasonLines({ reason, help, parts }: Reason, paint: Paint): readonly string[] {
  return [
    `  ${printable(reason)}: ${parts.length}`,
    ...parts
      .slice(0, mostParts)
      .map(({ what, place, about }) =>
        paint.dim(
          `    ${printable(place)} ${printable(what)}${about === "" ? "" : ` (${printable(about)})`}`,
        ),
      ),
    ...(parts.length > mostParts
      ? [paint.dim(`    and ${parts.length - mostParts} more: --format json names all`)]
      : []),
    ...(help === null ? [] : [`    ${paint.dim(`help: ${printable(help)}`)}`]),
  ];
}

function nextText(result: ImportResult, called: Called, paint: Paint): string {
  const steps = nextSteps(result, called);
  if (steps.length === 0) return "";
  const lines = steps.flatMap(({ text, command }) => [
    `- ${text}`,
    ...(command === undefined ? [] : [`    ${printable(command)}`]),
  ]);
  return `\n${paint.bold("What to do now")} (docs/import.md)\n${lines.join("\n")}\n`;
}

/** Diagnostics that {@link importText} does not say itself: of many that are alike the first ones. */
export function importDiagnostics(diagnostics: readonly Diagnostic[], paint: Paint): string {
  const others = sortDiagnostics(diagnostics.filter(({ code }) => code !== "import/refused"));
  return alike(others)
    .map((all) => {
      const shown = all.slice(0, mostParts).map((one) => formatDiagnostic(one, paint));
      const more = all.length - shown.length;
      const [first] = all;
      if (more === 0 || first === undefined) return shown.join("");
      return `${shown.join("")}${paint.dim(`and ${more} more of ${first.code} like these: --format json names all`)}\n`;
    })
    .join("");
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
