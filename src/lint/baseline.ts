/**
 * `--baseline`: findings that are known and not to be shown again. Each stands in it by a fingerprint of its file's
 * last two names, its code and its message, so that it survives lines that move and another working directory. What
 * the engine refuses is never in it.
 */
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { codes } from "./codes.js";
import type { PlacedFinding } from "./finding.js";
import { findingKeys } from "./fingerprints.js";
import { stockHash } from "./stock.js";

export interface Baseline {
  readonly file: string;
  readonly fingerprints: ReadonlySet<string>;
}

export type BaselineResult =
  | { readonly ok: true; readonly baseline: Baseline }
  | { readonly ok: false; readonly diagnostic: Diagnostic };

const version = 1;

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** `etc/ossec.conf` of `/var/ossec/etc/ossec.conf`. */
function shortPath(file: string): string {
  return file.split("/").slice(-2).join("/");
}

function fingerprints(placed: readonly PlacedFinding[]): readonly string[] {
  return findingKeys(placed, shortPath).map(stockHash);
}

export function readBaseline(file: string, text: string): BaselineResult {
  const failed = (message: string): BaselineResult => ({
    ok: false,
    diagnostic: codes.baseline(
      { file, line: 1, column: 1 },
      message,
      "Write it anew: zopf lint PATH… --baseline FILE --write-baseline.",
    ),
  });
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (error) {
    return failed(`is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!isRecord(parsed) || !Array.isArray(parsed.findings)) return failed('has no list "findings"');
  if (parsed.version !== version) return failed(`is of version ${String(parsed.version)}, not ${version}`);
  const known = new Set<string>();
  for (const entry of parsed.findings) {
    if (!isRecord(entry) || typeof entry.fingerprint !== "string")
      return failed("has an entry without a fingerprint");
    known.add(entry.fingerprint);
  }
  return { ok: true, baseline: { file, fingerprints: known } };
}

/** The text of a baseline of these findings, in their order. */
export function baselineText(placed: readonly PlacedFinding[]): string {
  const marks = fingerprints(placed);
  const findings = placed.flatMap(({ finding: { effect, code, file, message } }, index) =>
    effect === "refused" ? [] : [{ fingerprint: marks[index] ?? "", code, file: shortPath(file), message }],
  );
  return `${JSON.stringify({ version, findings }, null, 2)}\n`;
}

/** Takes out what is known, and says how much of the baseline is no longer there. */
export function applyBaseline(
  placed: readonly PlacedFinding[],
  { file, fingerprints: known }: Baseline,
): { readonly kept: readonly PlacedFinding[]; readonly diagnostics: readonly Diagnostic[] } {
  const marks = fingerprints(placed);
  const kept = placed.filter(
    ({ finding }, index) => finding.effect === "refused" || !known.has(marks[index] ?? ""),
  );
  const there = new Set(marks);
  const gone = [...known].filter((mark) => !there.has(mark)).length;
  const diagnostics =
    gone === 0
      ? []
      : [
          codes.baselineOld(
            { file, line: 1, column: 1 },
            `${gone} of its ${known.size} findings ${gone === 1 ? "is" : "are"} no longer there`,
            "--write-baseline takes them out.",
          ),
        ];
  return { kept, diagnostics };
}
