/** docs/stock-ruleset.md: every dead or dangerous finding on OSSEC's own rule set, with its reason. */
import { existsSync, readFileSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import type { Finding } from "../../src/lint/finding.js";
import { findInputs } from "../../src/lint/host/find-inputs.js";
import type { InputFile } from "../../src/lint/input.js";
import { type LintOptions, type LintResult, lintFiles } from "../../src/lint/lint.js";

const repository = fileURLToPath(new URL("../..", import.meta.url));
export const stockFolder = path.join(repository, "..", "shared", "ossec-ruleset");
export const stockIsHere = existsSync(stockFolder);

/** Why a finding is true, by code. */
const reasons: Readonly<Record<string, string>> = {
  "OSSEC-SPOOFABLE-SRCIP":
    "The pattern is searched (no `^`, or `.*` before the address), and the address is not certain to be the last word of the line, so the first text that fits is taken. In these messages names, paths, commands or protocol texts of the client stand before the address or may stand there: a client that calls itself `x from 192.0.2.1` puts that address into srcip.",
  "OSSEC-CHILD-STARVES-COMPOSITE":
    "The rule named last is counted by the composite, and the child takes the events that it matches for itself (spec 8, run). Some are meant so: what they match is to be alerted at once, or is harmless.",
  "OSSEC-FIREWALL-ACTION-REWRITTEN":
    "The daemon names the actions of firewall events itself before rules are tried (spec 16.4, code), so the word of the line is never seen.",
  "OSSEC-FIREWALL-EVENT-DROPPED":
    "The daemon drops firewall events that lack one of six fields (spec 16.4, code); the decoder's order does not have them all.",
  "OSSEC-SECOND-CHILD-NEVER-TRIED":
    "The child named in the message has no prematch and stands before this one: the engine takes it and looks at no other, whether its regex matches or not (spec 5.1, run).",
  "OSSEC-TAB-IN-PREMATCH":
    "Snare separates with TABs, which 3.8.0 and later delete from the line before decoders see it (spec 4, run); with 3.7.0 the decoder works and lint says nothing.",
  "OSSEC-TAB-SEPARATED-FIELDS-GLUED":
    "The decoder is for Snare's TAB-separated lines, whose fields reach 3.8.0 and later as one word (spec 4, run).",
  "OSSEC-TYPE-NOT-INHERITED": "The parent has a type, the child has none (spec 5.1, run).",
  "OSSEC-SID-TARGET-STARVES-GROUP":
    "Another composite counts this rule by if_matched_sid; from then on its events go into that list only (spec 8, run). The composites of its group, those of attack_rules.xml above all, do not count it.",
  "OSSEC-GROUP-MEMBER-AFTER-COMPOSITE":
    "The rule's file is loaded behind the composite that counts its group (rules.txt), and a group list is fed only by rules loaded before (spec 8, run).",
  "OSSEC-COMPOSITE-PARENT-NOALERT":
    "The rule that it counts is noalert, so no event is ever stored under it (spec 8, run).",
  "OSSEC-COMPOSITE-PARENT-LEVEL0":
    "The rule that it counts is of level 0, whose events are not stored (spec 8, run).",
  "OSSEC-SIBLING-LEVEL0-FIRST":
    "The sibling has the same condition or none of its own, and level 0 is tried before every other level (spec 6.4, run).",
  "OSSEC-SIBLING-TAKES-ALL":
    "The sibling has the same condition and the same level and is loaded first (spec 6.4, run).",
};

/** The files, named as in the rule set. */
export function stockFiles(): readonly InputFile[] {
  const { files } = findInputs([stockFolder]);
  return files.map((file) => ({ ...file, path: path.relative(stockFolder, file.path) }));
}

export function stockOptions(ordered: boolean): LintOptions {
  const names = readFileSync(path.join(stockFolder, "rules.txt"), "utf8").trim().split("\n");
  return {
    engine: "4.3",
    dialect: "ossec",
    closed: ordered,
    includeStock: true,
    notes: true,
    order: ordered ? { file: "rules.txt", names } : null,
    glob: null,
  };
}

export function lintStock(ordered: boolean): LintResult {
  return lintFiles(stockFiles(), stockOptions(ordered));
}

function serious({ findings }: LintResult): readonly Finding[] {
  return findings.filter(({ effect }) => effect === "dead" || effect === "dangerous");
}

const keyOf = ({ file, line, code, message }: Finding): string => `${file}:${line} ${code} ${message}`;

export function stockMarkdown(): string {
  const [asFolder, inOrder] = [lintStock(false), lintStock(true)];
  const both = new Map(
    [...serious(asFolder), ...serious(inOrder)].map((finding) => [keyOf(finding), finding]),
  );
  const inFolder = new Set(serious(asFolder).map(keyOf));
  const byCode = new Map<string, Finding[]>();
  for (const finding of both.values())
    byCode.set(finding.code, [...(byCode.get(finding.code) ?? []), finding]);
  const counts = (name: string, { summary }: LintResult): string =>
    `| ${name} | ${summary.refused} | ${summary.dead} | ${summary.dangerous} | ${summary.misread} | ${summary.style} |\n`;
  const sections = [...byCode.entries()]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([code, findings]) => {
      const reason = reasons[code];
      if (reason === undefined) throw new Error(`no reason is written for ${code}`);
      const rows = findings
        .sort((one, other) =>
          one.file < other.file ? -1 : one.file > other.file ? 1 : one.line - other.line,
        )
        .map(
          (finding) =>
            `- ${finding.file}:${finding.line} ${finding.message}${inFolder.has(keyOf(finding)) ? "" : " (in order only)"}\n`,
        );
      return `## ${code} (${findings[0]?.effect ?? ""}, ${findings.length})\n\n${reason}\n\n${rows.join("")}`;
    });
  return (
    `# OSSEC's own rule set under lint\n\nGenerated by bin/generate-lint-docs.js; the reasons are in test/lint/stock.ts. The rule set (4.3.0) is linted as a folder\n` +
    `(\`zopf lint DIR\`) and as it is loaded (\`zopf lint DIR --order rules.txt --closed\`). Nothing is refused; what is dead or\ndangerous is listed here, each with why it is true.\n\n` +
    `| | refused | dead | dangerous | misread | style |\n| --- | --- | --- | --- | --- | --- |\n${counts("as a folder", asFolder)}${counts("in order, closed", inOrder)}\n${sections.join("\n")}`
  );
}
