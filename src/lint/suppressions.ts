/**
 * `<!-- zopf-disable-next-line CODE: reason -->` and `<!-- zopf-disable-file CODE: reason -->`. A reason is
 * required; what suppresses nothing is reported. What the engine refuses cannot be talked away.
 */

import type { Dialect } from "../ossec/dialect.js";
import { readXml } from "../ossec/xml/read.js";
import { positionAt, type SourceRange, type SourceText, spanOf, textAt } from "../ossec/xml/source.js";
import type { PlacedFinding } from "./finding.js";

interface Suppression {
  readonly place: SourceRange;
  readonly scope: "line" | "file";
  /** The line that it holds for. */
  readonly line: number;
  readonly codes: readonly string[];
  readonly reason: string;
  readonly used: Set<string>;
}

const form = /^<!-*\s*zopf-disable-(next-line|file)\s+([^:]*?)\s*(?::\s*([\s\S]*?))?\s*(?:-->|!>)$/;

function suppressionsOf(source: SourceText, dialect: Dialect): readonly Suppression[] {
  if (!source.text.includes("zopf-disable-")) return [];
  const { comments } = readXml(source, { dialect, variables: false });
  return comments.flatMap(({ start, end }) => {
    const place: SourceRange = { source, start, end };
    const found = form.exec(textAt(place));
    if (found === null) return [];
    return [
      {
        place,
        scope: found[1] === "file" ? ("file" as const) : ("line" as const),
        line: positionAt(source, end).line + 1,
        codes: (found[2] ?? "").split(/[\s,]+/).filter((code) => code !== ""),
        reason: (found[3] ?? "").trim(),
        used: new Set<string>(),
      },
    ];
  });
}

function about(place: SourceRange, code: string, message: string, help: string): PlacedFinding {
  return {
    place,
    fix: null,
    finding: { code, severity: "info", effect: "style", message, help, ...spanOf(place) },
  };
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
      if (one.reason === "" || (one.scope === "line" && one.line !== finding.line)) continue;
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
          "Write <!-- zopf-disable-next-line CODE: why this is right here -->.",
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
