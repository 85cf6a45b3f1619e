import { jsonOf } from "../diagnostics/schema-version.js";
import type { ImportResult } from "../import/import.js";
import { type Paint, printable, sortDiagnostics } from "./diagnostics-text.js";
import { proofJson, proofText } from "./proof.js";

/** What became of the rules of one file. */
interface FileSummary {
  readonly file: string;
  readonly rules: number;
  /** Rules by the kind of detection that they became; `raw`: none. */
  readonly as: Readonly<Record<string, number>>;
  readonly raw: readonly {
    readonly rules: readonly number[];
    readonly line: number;
    readonly because: string;
  }[];
}

function summaries({ draft }: ImportResult): readonly FileSummary[] {
  const found = new Map<string, { as: Record<string, number>; raw: FileSummary["raw"][number][] }>();
  const of = (file: string) => {
    const known = found.get(file) ?? { as: {}, raw: [] };
    found.set(file, known);
    return known;
  };
  for (const { detections, raw } of [...(draft?.modules ?? []), ...(draft?.unused ?? [])]) {
    for (const { value, origin } of detections) {
      const { as } = of(origin.place.file);
      as[value.kind] = (as[value.kind] ?? 0) + Math.max(1, origin.rules.length);
    }
    for (const { origin, because } of raw) {
      const known = of(origin.place.file);
      if (origin.rules.length === 0) continue;
      known.as.raw = (known.as.raw ?? 0) + origin.rules.length;
      known.raw.push({ rules: origin.rules, line: origin.place.line, because });
    }
  }
  return [...found].map(([file, { as, raw }]) => ({
    file,
    rules: Object.values(as).reduce((sum, count) => sum + count, 0),
    as,
    raw,
  }));
}

/** One document (schemas/import.schema.json). */
export function importJson(result: ImportResult, show: (path: string) => string): string {
  const { from, draft, written, proof, diagnostics } = result;
  return jsonOf("import", {
    from,
    bundle: draft?.settings.name ?? null,
    files: summaries(result),
    responses: draft?.responses.length ?? 0,
    neverBlock: draft?.settings.neverBlock.length ?? 0,
    lists: draft?.lists.length ?? 0,
    refused: (draft?.refused ?? []).map(({ what, place, reason, rules = [] }) => ({
      what,
      file: place.file,
      line: place.line,
      column: place.column,
      reason,
      rules,
    })),
    written: written.map(({ path, changed }) => ({ path: show(path), changed })),
    proof: proof === null ? null : proofJson(proof),
    diagnostics: sortDiagnostics(diagnostics),
  });
}

/** What came over, file by file, and what was written. */
export function importText(result: ImportResult, show: (path: string) => string, paint: Paint): string {
  const { draft, written, proof } = result;
  const lines: string[] = [];
  const all = summaries(result);
  for (const { file, rules, as, raw } of all) {
    const kinds = Object.entries(as).map(([kind, count]) => `${count} ${kind}`);
    lines.push(
      `${printable(file)}: ${rules === 0 ? "decoders" : `${counted(rules, "rule")}: ${kinds.join(", ")}`}`,
    );
    for (const { rules: ids, line, because } of raw)
      lines.push(paint.dim(`  raw: rule ${ids.join(", ")} (line ${line}): ${printable(because)}`));
  }
  if (draft !== null) {
    const total = all.reduce((sum, { rules }) => sum + rules, 0);
    const raw = all.reduce((sum, { as }) => sum + (as.raw ?? 0), 0);
    const share = total === 0 ? "" : ` (${((100 * raw) / total).toFixed(1)} %)`;
    lines.push(
      `${counted(total, "rule")} came over, ${raw} of them as raw XML${share}; ${counted(draft.refused.length, "part")} did not`,
    );
  }
  for (const { path, changed } of written)
    lines.push(`${changed ? "wrote" : "unchanged"} ${printable(show(path))}`);
  const verdict = proof === null ? "" : proofText(proof, paint);
  return lines.map((line) => `${line}\n`).join("") + verdict;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? "" : "s"}`;
}
