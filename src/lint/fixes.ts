/**
 * Fixes: bytes outside an edit stay as they are, a second run changes nothing, and what matches stays the
 * same, which the engine is asked on sample texts before anything is written.
 */
import { existsSync, renameSync, rmSync, statSync, writeFileSync } from "node:fs";
import type { Diagnostic } from "../diagnostics/diagnostic.js";
import type { EngineVersion, LoadedOssec } from "../ossec/definitions.js";
import { createEngine } from "../ossec/engine/index.js";
import { latin1 } from "../ossec/load/index.js";
import { codes } from "./codes.js";
import type { InputFile } from "./input.js";
import type { LintResult } from "./lint.js";
import type { TextEdit } from "./model.js";
import { planLoads } from "./plan.js";

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

/** Applies edits from the last one on; of two that overlap the first stays. */
export function applyEdits(
  text: string,
  edits: readonly TextEdit[],
): { readonly text: string; readonly count: number } {
  const sorted = [...edits].sort(
    (one, other) => one.place.start - other.place.start || one.place.end - other.place.end,
  );
  const kept: TextEdit[] = [];
  let end = -1;
  for (const edit of sorted) {
    if (edit.place.start < end || (edit.place.start === end && edit.place.end === end)) continue;
    kept.push(edit);
    end = edit.place.end;
  }
  let result = "";
  let at = 0;
  for (const { place, text: replacement } of kept) {
    result += text.slice(at, place.start) + replacement;
    at = place.end;
  }
  return { text: result + text.slice(at), count: kept.length };
}

/** Lines that reach much of a configuration: the literal texts of its patterns, with and without a head. */
export function sampleLines({ decoders, rules }: LoadedOssec): readonly string[] {
  const texts = new Set<string>(["sample line", "user root from 192.0.2.1 port 22"]);
  const add = (text: string | undefined): void => {
    if (text === undefined || texts.size > 400) return;
    const plain = text
      .split("|")[0]
      ?.replace(/\\d[+*]?/g, "7")
      .replace(/\\[wS.][+*]?/g, "x")
      .replace(/\\s[+*]?/g, " ")
      .replace(/[\\^$()]/g, "");
    if (plain !== undefined && plain.length > 1) texts.add(plain);
  };
  for (const { prematch, programName } of decoders.all) {
    add(prematch?.text);
    if (programName !== null) add(`${programName.text.split("|")[0] ?? ""}: sample`);
  }
  for (const { match, regex } of rules) {
    add(match?.text);
    add(regex?.text);
  }
  return [...texts].flatMap((text) => [
    text,
    `Dec 29 10:00:01 host ${text}`,
    `Dec 29 10:00:01 host app[1]: ${text}`,
  ]);
}

function answers(loaded: LoadedOssec, lines: readonly string[]): readonly string[] {
  const engine = createEngine(loaded, { ownHostname: "host", timeZone: "UTC", mode: "logtest" });
  if (engine.problems.length > 0) return [];
  return lines.map((line, index) => {
    const event = engine.process(line, 1_700_000_000 + index);
    if (event.kind !== "event") return event.kind;
    return `${event.decoder ?? ""} ${JSON.stringify(event.fields)} ${event.rule?.id ?? ""} ${event.alert}`;
  });
}

/** Do both versions of the files decide alike, as far as lines show it? */
function sameDecisions(
  before: readonly InputFile[],
  after: readonly InputFile[],
  engine: EngineVersion,
): boolean {
  const load = (files: readonly InputFile[]) =>
    planLoads(files, [], { engine, closed: false, order: null, glob: null }).units.map(
      ({ loaded }) => loaded,
    );
  const [old, changed] = [load(before), load(after)];
  if (old.length !== changed.length) return false;
  return old.every((loaded, index) => {
    const other = changed[index];
    if (other === undefined || other.rules.length !== loaded.rules.length) return false;
    const stops = (one: LoadedOssec) => one.problems.filter(({ outcome }) => outcome !== "warning").length;
    if (stops(other) > stops(loaded)) return false;
    const lines = sampleLines(loaded);
    const mine = answers(loaded, lines);
    const theirs = answers(other, lines);
    return mine.every((answer, at) => answer === theirs[at]);
  });
}

/** Edits by file, each checked. */
export function planFixes(result: LintResult, files: readonly InputFile[], engine: EngineVersion): FixPlan {
  const edits = new Map<string, TextEdit[]>();
  for (const { fix } of result.placed) {
    for (const edit of fix?.edits ?? []) {
      const { file } = edit.place.source;
      const known = edits.get(file);
      if (known === undefined) edits.set(file, [edit]);
      else known.push(edit);
    }
  }
  const fixed: FixedFile[] = [];
  const diagnostics: Diagnostic[] = [];
  for (const [path, wanted] of edits) {
    const input = files.find((file) => file.path === path);
    if (input === undefined) continue;
    const before = latin1(input.bytes);
    const { text: after, count } = applyEdits(before, wanted);
    if (after === before) continue;
    const changed = files.map((file) =>
      file === input ? { ...file, bytes: Buffer.from(after, "latin1") } : file,
    );
    if (sameDecisions(files, changed, engine)) fixed.push({ path, before, after, count });
    else {
      diagnostics.push(
        codes.fixRefused(
          { file: path, line: 1, column: 1 },
          "the fixes of this file would change what matches, so they are left out",
        ),
      );
    }
  }
  return { files: fixed, diagnostics };
}

/** A unified diff of the changed lines. */
export function fixDiff(files: readonly FixedFile[]): string {
  return files
    .map(({ path, before, after }) => {
      const old = before.split("\n");
      const changed = after.split("\n");
      let hunks = "";
      // Fixes keep the number of lines, so lines are compared one by one.
      for (const [index, line] of old.entries()) {
        const other = changed[index];
        if (other === line) continue;
        hunks += `@@ -${index + 1} +${index + 1} @@\n-${line}\n+${other ?? ""}\n`;
      }
      return `--- a/${path}\n+++ b/${path}\n${Buffer.from(hunks, "latin1").toString("utf8")}`;
    })
    .join("");
}

/** Writes beside the file and renames; the first old version stays as FILE.orig. */
export function writeFixes(files: readonly FixedFile[], backup: boolean): readonly Diagnostic[] {
  const diagnostics: Diagnostic[] = [];
  for (const { path, before, after } of files) {
    const temporary = `${path}.zopf-${process.pid}`;
    try {
      const { mode } = statSync(path);
      if (backup && !existsSync(`${path}.orig`))
        writeFileSync(`${path}.orig`, before, { encoding: "latin1", mode });
      writeFileSync(temporary, after, { encoding: "latin1", mode });
      renameSync(temporary, path);
    } catch (error) {
      rmSync(temporary, { force: true });
      const reason = error instanceof Error ? error.message : String(error);
      diagnostics.push(codes.fix({ file: path, line: 1, column: 1 }, `cannot be written: ${reason}`));
    }
  }
  return diagnostics;
}
