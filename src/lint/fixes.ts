/**
 * Fixes: bytes outside an edit stay as they are, a second run changes nothing, and what matches stays the
 * same: what is loaded is compared, and the engine is asked on sample texts, before anything is written.
 */
import { createTwoFilesPatch } from "diff";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { LoadedOssec } from "../ossec/definitions.js";
import { latin1 } from "../ossec/load/index.js";
import { spanOf } from "../ossec/xml/source.js";
import { codes } from "./codes.js";
import { decidesAlike } from "./fix-check.js";
import type { InputFile } from "./input.js";
import { type LintOptions, type LintResult, lintFiles } from "./lint.js";
import type { TextEdit } from "./model.js";
import { planLoads } from "./plan.js";
import { sameEdit, TakenEdits } from "./taken-edits.js";

export interface FixedFile {
  readonly path: string;
  readonly before: string;
  /** latin1, like `before`. */
  readonly after: string;
  /** How many edits. */
  readonly count: number;
}

export interface FixPlan {
  readonly files: readonly FixedFile[];
  readonly diagnostics: readonly Diagnostic[];
}

/** Applies edits that do not overlap; of two that are the same one is done. */
export function applyEdits(
  text: string,
  edits: readonly TextEdit[],
): { readonly text: string; readonly count: number } {
  const sorted = [...edits].sort(
    (one, other) => one.place.start - other.place.start || one.place.end - other.place.end,
  );
  let result = "";
  let at = 0;
  let count = 0;
  let last: TextEdit | null = null;
  for (const edit of sorted) {
    const { place, text: replacement } = edit;
    if (last !== null && (place.start < at || sameEdit(edit, last))) continue;
    result += text.slice(at, place.start) + replacement;
    at = place.end;
    count += 1;
    last = edit;
  }
  return { text: result + text.slice(at), count };
}

interface WantedFix {
  /** Stays the same when the file changes elsewhere. */
  readonly key: string;
  readonly edits: readonly TextEdit[];
}

/** Fixes that can be done together: each whole or not at all, the others wait for the next pass. */
function together(wanted: readonly WantedFix[]): readonly WantedFix[] {
  const taken = new Map<string, TakenEdits>();
  return wanted.filter(({ edits }) => {
    const free = edits.every((edit) => taken.get(edit.place.source.file)?.isFree(edit) ?? true);
    if (!free) return false;
    for (const edit of edits) {
      const { file } = edit.place.source;
      const known = taken.get(file) ?? new TakenEdits();
      taken.set(file, known);
      known.add(edit);
    }
    return true;
  });
}

type FixOptions = Pick<LintOptions, "engine" | "dialect" | "closed" | "order" | "homes" | "logs">;

function loadAll(
  files: readonly InputFile[],
  { engine, dialect, closed, order, homes }: FixOptions,
): readonly LoadedOssec[] {
  const plan = planLoads(files, homes ?? [], { engine, dialect, closed, order, glob: null });
  return plan.units.map(({ loaded }) => loaded);
}

/** Do both versions of the files say the same, and decide alike as far as lines show it? */
function sameDecisions(
  old: readonly LoadedOssec[],
  changed: readonly LoadedOssec[],
  { logs }: FixOptions,
): boolean {
  if (old.length !== changed.length) return false;
  const given = (logs ?? []).flatMap(({ lines }) => lines);
  return old.every((loaded, index) => {
    const other = changed[index];
    return other !== undefined && decidesAlike(loaded, other, given);
  });
}

function applyFixes(files: readonly InputFile[], fixes: readonly WantedFix[]): readonly InputFile[] {
  const edits = new Map<string, TextEdit[]>();
  for (const edit of fixes.flatMap((fix) => fix.edits)) {
    const { file } = edit.place.source;
    const known = edits.get(file);
    if (known === undefined) edits.set(file, [edit]);
    else known.push(edit);
  }
  return files.map((file) => {
    const own = edits.get(file.path);
    if (own === undefined) return file;
    return { ...file, bytes: Buffer.from(applyEdits(latin1(file.bytes), own).text, "latin1") };
  });
}

/** Overlapping fixes take turns; a file whose fixes wake others is done after so many. */
const passLimit = 10;
/** How often the engine is asked about parts of the fixes when it does not agree to all. */
const checkLimit = 64;

/** Those of the fixes that change nothing, found by halves. */
function agreed(
  files: readonly InputFile[],
  fixes: readonly WantedFix[],
  options: FixOptions,
): readonly WantedFix[] {
  const before = loadAll(files, options);
  let checks = 0;
  const agrees = (some: readonly WantedFix[]): boolean => {
    checks += 1;
    return checks <= checkLimit && sameDecisions(before, loadAll(applyFixes(files, some), options), options);
  };
  const pick = (some: readonly WantedFix[]): readonly WantedFix[] => {
    if (some.length === 0 || agrees(some)) return some;
    if (some.length === 1) return [];
    const middle = some.length >> 1;
    const left = pick(some.slice(0, middle));
    const both = [...left, ...pick(some.slice(middle))];
    return both.length === left.length || agrees(both) ? both : left;
  };
  return pick(fixes);
}

/** All fixes of the findings, each checked; until a further pass finds none. */
export function planFixes(result: LintResult, files: readonly InputFile[], options: LintOptions): FixPlan {
  const diagnostics: Diagnostic[] = [];
  const leftOut = new Set<string>();
  const counts = new Map<string, number>();
  let current = files;
  let found = result;
  for (let pass = 0; pass < passLimit; pass++) {
    const wanted = found.placed.flatMap(({ finding, fix }): readonly WantedFix[] => {
      const key = `${finding.file}\n${finding.code}\n${finding.message}`;
      return fix === null || leftOut.has(key) ? [] : [{ key, edits: fix.edits }];
    });
    const fixes = together(wanted);
    if (fixes.length === 0) break;
    const done = new Set(agreed(current, fixes, options));
    for (const fix of fixes) {
      const file = fix.edits[0]?.place.source.file ?? "";
      if (done.has(fix)) counts.set(file, (counts.get(file) ?? 0) + 1);
      else {
        leftOut.add(fix.key);
        const [, code = "", message = ""] = fix.key.split("\n");
        const at = fix.edits[0]?.place;
        diagnostics.push(
          codes.fixRefused(
            at === undefined ? { file, line: 1, column: 1 } : spanOf(at),
            `the fix of ${code} would change what matches, so it is left out (${message})`,
          ),
        );
      }
    }
    if (done.size === 0) continue;
    current = applyFixes(current, [...done]);
    found = lintFiles(current, options);
  }
  const fixed = files.flatMap((file, index): readonly FixedFile[] => {
    const before = latin1(file.bytes);
    const after = latin1(current[index]?.bytes ?? file.bytes);
    return before === after ? [] : [{ path: file.path, before, after, count: counts.get(file.path) ?? 0 }];
  });
  return { files: fixed, diagnostics };
}

/** Beyond so many changed lines the whole file is shown: comparing would take long. */
const editLimit = 4000;

const asUtf8 = (text: string): string => Buffer.from(text, "latin1").toString("utf8");

/** A unified diff. */
export function fixDiff(files: readonly FixedFile[]): string {
  return files
    .map(({ path, before, after }) => {
      const [old, changed] = [asUtf8(before), asUtf8(after)];
      const patch = createTwoFilesPatch(`a/${path}`, `b/${path}`, old, changed, undefined, undefined, {
        maxEditLength: editLimit,
      });
      if (patch !== undefined) return patch.replace(/^=+\n/, "");
      const rows = (text: string, sign: string): string => text.replace(/^/gm, sign);
      return `--- a/${path}\n+++ b/${path}\n@@ the whole file @@\n${rows(old, "-")}\n${rows(changed, "+")}\n`;
    })
    .join("");
}
