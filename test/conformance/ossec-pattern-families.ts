/** The recorded answers about patterns and about what loads, as families of the conformance report. */
import type { OssecProgram } from "../../src/ossec/definitions.js";
import { loadOssec, type ProgramVerdict, programVerdict } from "../../src/ossec/load/index.js";
import { compilePattern, wordMatch } from "../../src/ossec/patterns/index.js";
import { minimalTree, type RecordFile } from "../ossec/load/minimal-tree.js";
import { isObject, latin1, objects, readOracle, text, type Verdict } from "./ossec-oracle.js";

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);
const strings = (value: unknown): readonly string[] => list(value).map(text);

/** 298 patterns of an older rule set on 300 log texts: hits, end offsets, captures. */
export function oldPatterns(): readonly Verdict[] {
  const recorded = readOracle("v283_patterns.json");
  if (!isObject(recorded)) return [];
  const texts = strings(recorded.strings).map(latin1);
  return objects(recorded.patterns).map((record) => {
    const pattern = text(record.pattern);
    const compiled = compilePattern({
      language: record.type === "R" ? "osregex" : "osmatch",
      text: latin1(pattern),
    });
    if (!compiled.ok) return { family: "v283_patterns", name: pattern, difference: compiled.reason };
    const hits = new Map(list(record.hits).map((hit) => [list(hit)[0], list(hit)]));
    const wrong = texts.filter((line, index) => {
      const hit = hits.get(index);
      const match = compiled.value.exec(line);
      if (hit === undefined || match === null) return (hit === undefined) !== (match === null);
      const [, end, captures] = hit;
      return (
        end !== undefined &&
        JSON.stringify([match.end, match.captures]) !== JSON.stringify([end, strings(captures).map(latin1)])
      );
    });
    const difference = wrong.length === 0 ? null : `differs on ${JSON.stringify(wrong[0])}`;
    return { family: "v283_patterns", name: pattern, difference };
  });
}

/** Upstream's own tables for its pattern functions. */
export function unitTables(): readonly Verdict[] {
  const tables = readOracle("unit_tables.json");
  if (!isObject(tables)) return [];
  const table = (name: string, holds: (row: readonly string[]) => boolean): readonly Verdict[] =>
    list(tables[name]).map((row) => {
      const cells = strings(row);
      return {
        family: "unit_tables",
        name: `${name} ${JSON.stringify(cells)}`,
        difference: holds(cells) ? null : "differs",
      };
    });
  const matches =
    (language: "osmatch" | "osregex", expected: boolean) =>
    ([pattern = "", line = ""]: readonly string[]) => {
      const compiled = compilePattern({ language, text: pattern });
      return (compiled.ok && compiled.value.test(line)) === expected;
    };
  return [
    ...table("test_success_match1", matches("osmatch", true)),
    ...table("test_fail_match1", matches("osmatch", false)),
    ...table("test_success_regex1", matches("osregex", true)),
    ...table("test_fail_regex1", matches("osregex", false)),
    ...table("test_success_wordmatch", ([pattern = "", line = ""]) => wordMatch(pattern, line)),
    ...table("test_fail_wordmatch", ([pattern = "", line = ""]) => !wordMatch(pattern, line)),
    ...table("test_regexextraction", ([pattern = "", line = "", ...captures]) => {
      const compiled = compilePattern({ language: "osregex", text: pattern });
      const seen = compiled.ok ? compiled.value.exec(line)?.captures : undefined;
      return JSON.stringify(seen) === JSON.stringify(captures.filter((capture) => capture !== ""));
    }),
  ];
}

const exits: Readonly<Record<ProgramVerdict, number | string>> = {
  ok: 0,
  error: 1,
  hang: "hang",
  crash: "signal 11",
};
const programs: readonly OssecProgram[] = ["analysisd", "logtest", "logcollector", "execd"];

/** What each program says of a configuration. */
export function loadVerdicts(records = readOracle("config_verdicts.json")): readonly Verdict[] {
  return objects(records).map((record) => {
    const files: Record<string, RecordFile> = {};
    for (const [path, content] of Object.entries(isObject(record.files) ? record.files : {}))
      files[path] = isObject(content)
        ? { base64: text(content.base64) }
        : typeof content === "string"
          ? content
          : null;
    const { problems } = loadOssec(minimalTree(files), { engine: "4.3" });
    const wrong = programs.filter((program) => {
      const expected = isObject(record.exits) ? record.exits[program] : undefined;
      return expected !== undefined && expected !== exits[programVerdict(problems, program)];
    });
    const difference = wrong.length === 0 ? null : `differs for ${wrong.join(", ")}`;
    return { family: "config_verdicts load", name: text(record.name), difference };
  });
}
