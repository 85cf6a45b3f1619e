/**
 * `<!-- zopf-disable-next-line CODE: reason -->`, `<!-- zopf-disable-next-rule CODE: reason -->` (the `<rule>` or
 * `<decoder>` behind it) and `<!-- zopf-disable-file CODE: reason -->`. A reason is required; what suppresses nothing is reported. What the engine refuses cannot be talked away.
 */

import type { Dialect } from "../ossec/dialect.js";
import type { XmlElement } from "../ossec/xml/document.js";
import { readXml } from "../ossec/xml/read.js";
import { positionAt, type SourceRange, type SourceText, spanOf, textAt } from "../ossec/xml/source.js";
import type { PlacedFinding } from "./finding.js";

interface Suppression {
  readonly place: SourceRange;
  /** The lines that it holds for; null: the whole file. */
  readonly lines: { readonly first: number; readonly last: number } | null;
  readonly codes: readonly string[];
  readonly reason: string;
  readonly used: Set<string>;
}

const form = /^<!-*\s*zopf-disable-(next-line|next-rule|file)\s+([^:]*?)\s*(?::\s*([\s\S]*?))?\s*(?:-->|!>)$/;

function suppressionsOf(source: SourceText, dialect: Dialect): readonly Suppression[] {
  if (!source.text.includes("zopf-disable-")) return [];
  const { comments, roots } = readXml(source, { dialect, variables: false });
  const parts = roots.flatMap((root) => (root.name.toLowerCase() === "decoder" ? [root] : root.children));
  return comments.flatMap(({ start, end }) => {
    const place: SourceRange = { source, start, end };
    const found = form.exec(textAt(place));
    if (found === null) return [];
    return [
      {
        place,
        lines: linesOf(found[1] ?? "", source, end, parts),
        codes: (found[2] ?? "").split(/[\s,]+/).filter((code) => code !== ""),
        reason: (found[3] ?? "").trim(),
        used: new Set<string>(),
      },
    ];
  });
}

function linesOf(
  scope: string,
  source: SourceText,
  end: number,
  parts: readonly XmlElement[],
): Suppression["lines"] {
  if (scope === "file") return null;
  const line = (offset: number): number => positionAt(source, offset).line;
  const next = scope === "next-rule" ? firstBehind(parts, end) : undefined;
  if (next !== undefined) return { first: line(next.start), last: line(next.end) };
  return { first: line(end) + 1, last: line(end) + 1 };
}

/** The parts ascend. */
function firstBehind(parts: readonly XmlElement[], offset: number): XmlElement | undefined {
  let low = 0;
  let high = parts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((parts[middle]?.start ?? 0) < offset) low = middle + 1;
    else high = middle;
  }
  return parts[low];
}

function about(place: SourceRange, code: string, message: string, help: string): PlacedFinding {
  return {
    place,
    fix: null,
    finding: { code, severity: "info", effect: "style", message, help, ...spanOf(place) },
  };
}

function isWithin(lines: Suppression["lines"], line: number): boolean {
  return lines === null || (line >= lines.first && line <= lines.last);
}

export function applySuppressions(
  placed: readonly PlacedFinding[],
  sources: readonly SourceText[],
  dialect: Dialect,
): readonly PlacedFinding[] {
  const all = sources.flatMap((source) => suppressionsOf(source, dialect));
  if (all.length === 0) return placed;
  const byFile = new Map<string, Suppression[]>();
  for (const one of all) {
    const { file } = one.place.source;
    byFile.set(file, [...(byFile.get(file) ?? []), one]);
  }
  const kept = placed.filter(({ finding }) => {
    if (finding.effect === "refused") return true;
    for (const one of byFile.get(finding.file) ?? []) {
      if (one.reason === "" || !isWithin(one.lines, finding.line)) continue;
      const code = one.codes.find((name) => name === finding.code || name === finding.trap);
      if (code === undefined) continue;
      one.used.add(code);
      return false;
    }
    return true;
  });
  const reported = all.flatMap((one) => {
    if (one.codes.length === 0 || one.reason === "") {
      return [
        about(
          one.place,
          "LINT-SUPPRESSION-REASON",
          one.codes.length === 0
            ? "this comment names no code, so it suppresses nothing"
            : "this comment gives no reason, so it suppresses nothing",
          "Write <!-- zopf-disable-next-line CODE: why this is right here -->, or -next-rule.",
        ),
      ];
    }
    return one.codes
      .filter((code) => !one.used.has(code))
      .map((code) =>
        about(
          one.place,
          "LINT-SUPPRESSION-UNUSED",
          `nothing is found that ${code} would suppress here`,
          "Take the comment away.",
        ),
      );
  });
  return [...kept, ...reported];
}
