/** The documentation of rules: `--explain`, docs/lint.md, SARIF. */

import { homepage } from "../files/version.js";
import { type Example, effects, type LintRule, severityOf } from "./model.js";
import { ruleByCode, rules } from "./rules/index.js";

/** Where docs/lint.md is read; package.json says where the project lives. */
const home = `${homepage}/blob/main/docs/lint.md`;

/** Codes that are no rule's: about suppressions. */
const others: Readonly<Record<string, string>> = {
  "LINT-SUPPRESSION-REASON": "A suppression without a code or a reason",
  "LINT-WAZUH-FILES": "Wazuh's files, read as OSSEC's",
  "LINT-SUPPRESSION-UNUSED": "A suppression that suppresses nothing",
};

export function withoutMarks(text: string): string {
  return text.replace(/[«»]/g, "");
}

/** The texts of an example as files, as people would write them. */
export function exampleFiles({
  decoders,
  rules,
  conf,
  logs,
}: Example): readonly (readonly [string, string])[] {
  const files: (readonly [string, string])[] = [];
  if (decoders !== undefined) files.push(["local_decoder.xml", decoders]);
  if (rules !== undefined) files.push(["local_rules.xml", inGroup(rules)]);
  if (conf !== undefined) files.push(["ossec.conf", inConf(conf)]);
  if (logs !== undefined) files.push(["sample.log", logs.map((line) => `${line}\n`).join("")]);
  return files;
}

/** Rules may be given without their group. */
export function inGroup(rules: string): string {
  return /^\s*«?<rule\b/.test(rules) ? `<group name="local,">\n${rules.trimEnd()}\n</group>\n` : rules;
}

export function inConf(conf: string): string {
  return conf.includes("ossec_config") ? conf : `<ossec_config>\n${conf.trimEnd()}\n</ossec_config>\n`;
}

function exampleMarkdown(example: Example): string {
  return exampleFiles(example)
    .map(([name, text]) => {
      const language = name.endsWith(".log") ? "text" : "xml";
      const shown = withoutMarks(text).trimEnd().replaceAll("\t", "⇥");
      return `\`${name}\`\n\n~~~${language}\n${shown}\n~~~\n`;
    })
    .join("\n");
}

/** A rule's citations as links of docs/lint.md; an anchor alone belongs to the file before it. */
function linkedReference({ reference }: LintRule): string {
  let file = "";
  return reference.replaceAll(
    /(?:docs\/(reference\/[a-z]+\.md))?(#[a-z0-9_-]+)/g,
    (_, named: string | undefined, anchor: string) => {
      const text = named === undefined ? anchor : `${named}${anchor}`;
      file = named ?? file;
      return `[${text}](${file}${anchor})`;
    },
  );
}

/** A rule's section of docs/lint.md, and, without links, the answer of `--explain`. */
export function ruleMarkdown(rule: LintRule, source = rule.reference): string {
  const facts = [
    `**Effect** ${rule.effect} · **severity** ${severityOf(rule)}`,
    `**dialects** ${(rule.dialects ?? ["ossec"]).join(", ")}`,
    ...(rule.engines === undefined ? [] : [`**engines** ${rule.engines.join(", ")}`]),
    ...(rule.trap === undefined ? [] : [`**trap** ${rule.trap}`]),
    ...(rule.note === true ? ["a note"] : []),
    ...(rule.needsLogs === true ? ["needs `--logs`"] : []),
    ...(rule.fixed !== undefined ? ["fixed by `--fix`"] : []),
  ];
  return (
    `### ${rule.code}\n\n${rule.title}.\n\n${facts.join(" · ")}\n\n${rule.why}\n\n` +
    `${rule.instead === undefined ? "" : `**Instead.** ${rule.instead}\n\n`}` +
    `**Bad**\n\n${exampleMarkdown(rule.bad)}\n` +
    `${rule.fixed === undefined ? "" : `**After \`--fix\`**\n\n${exampleMarkdown(rule.fixed)}\n`}` +
    `**Good**\n\n${exampleMarkdown(rule.good)}\n` +
    `Source: ${source}\n`
  );
}

export const docs = {
  home,
  sarifRule(code: string) {
    const rule = ruleByCode(code);
    const title = rule?.title ?? others[code] ?? code;
    return {
      id: code,
      shortDescription: { text: title },
      ...(rule === undefined
        ? {}
        : { fullDescription: { text: rule.why }, help: { text: rule.instead ?? rule.why } }),
      helpUri: `${home}#${code.toLowerCase()}`,
      ...(rule === undefined ? {} : { defaultConfiguration: { level: sarifLevels[severityOf(rule)] } }),
    };
  },
};

const sarifLevels = { error: "error", warning: "warning", info: "note" } as const;

const effectTitles = {
  refused: "Refused: the engine does not start",
  dead: "Dead: never fires or matches",
  dangerous: "Dangerous: can be abused, blocks the wrong one, kills the engine",
  misread: "Misread: means something else than it says",
  style: "Style",
} as const;

/** docs/lint.md, as a whole. */
export function lintDocs(): string {
  const parts = effects.map((effect) => {
    const own = rules
      .filter((rule) => rule.effect === effect)
      .sort((one, other) => (one.code < other.code ? -1 : 1));
    const table = own
      .map(({ code, title }) => `| [${code}](#${code.toLowerCase()}) | ${title.replaceAll("|", "\\|")} |\n`)
      .join("");
    return `## ${effectTitles[effect]}\n\n| code | |\n| --- | --- |\n${table}\n${own.map((rule) => ruleMarkdown(rule, linkedReference(rule))).join("\n")}`;
  });
  return `${intro}${parts.join("\n")}`;
}

const fixableCodes = rules
  .filter(({ fixed }) => fixed !== undefined)
  .map(({ code }) => `[${code}](#${code.toLowerCase()})`)
  .sort()
  .join(",\n");

const intro = `# Lint rules

Generated by bin/generate-lint-docs.js from src/lint/rules: edit the rules, not this file.

\`zopf lint PATH…\` reads OSSEC's rules, decoders and ossec.conf and says what the engine would do with them.
Findings carry an **effect** (refused, dead, dangerous, misread, style); from \`--fail-on\` on (default dangerous)
they end with exit status 1, whatever their severity. \`zopf lint --explain CODE\` prints one rule of this page.

**Load order** is that of an ossec.conf among the inputs (files that it does not name are linted each by itself),
else \`--order FILE\`, else unknown. \`--closed\` says that the given files are all there is.

**Suppressions**, from near to far, each with a reason, which is required; what suppresses nothing is reported:

- \`<!-- zopf-disable-next-line CODE: reason -->\`, \`<!-- zopf-disable-next-rule CODE: reason -->\` (the rule or decoder
  behind it; a bundle writes it for \`rule: { accept: ["CODE"] }\`) and \`<!-- zopf-disable-file CODE: reason -->\` in the file;
- zopf.config.json: \`{"lint": {"rules": {"CODE": {"set": "off", "reason": "…"}}, "ignore": [{"rule": "CODE", "paths":
  ["rules/**"], "reason": "…"}]}}\` (set: off, info, warning);
- \`--off CODE\`.

What the engine refuses cannot be suppressed.

**Left out** unless asked for, and counted in the last line (JSON: \`leftOut\`):

- findings about rules and decoders that came with OSSEC 4.3.0 or Wazuh 4.14.7, recognised by their text (blanks and
  comments do not count), wherever they stand: \`--include-stock\`. One that was changed is yours, and so is what your rules do
  to a stock one. What the engine refuses is always shown;
- notes, which are true of every rule of their kind, so that nothing can be done about them (the rules below that say so):
  \`--notes\`. With \`--closed\`, where no stock composite is among the files, they are shown unless \`--no-notes\`;
- what \`--baseline FILE\` knows. \`--baseline FILE --write-baseline\` writes what is found now; entries survive lines that
  move and another working directory, and end when the message changes. LINT-BASELINE-OLD says how many are gone.

**Wazuh.** Files are read as Wazuh 4.14 reads them ([reference/wazuh.md](reference/wazuh.md)) where they look like it: by the
\`<ruleset>\` of ossec.conf, by folders such as ruleset/rules or etc/decoders, by elements and attributes that OSSEC has not.
\`--dialect ossec\` or \`--dialect wazuh\` says it. A home is loaded in the order of the base names of its files, loose files as
well. What the engine refuses is refused; a rule that it leaves out with a warning is dead. Rules below hold for OSSEC unless
they name their dialects. Findings about Wazuh say \`"dialect": "wazuh"\`.

**Lines** given with \`--logs\` are run through the engine: findings about them, and which rules and decoders they
reach (\`--coverage-lcov FILE\`), which always lose to a sibling and to which one (of rules that are never reported and count
nothing; the first 20000 lines are run a second time for it). In the lcov file a rule is a line of its file, and what took its
events a branch (BRDA) of that line, numbered with the sibling's id.

**Fixes** (\`--fix\`, \`--fix-dry-run\`) write down what the engine does anyway, so they never change what matches: what is
loaded before and after is compared, and the engine is asked on sample texts and on the lines of \`--logs\`. A fix that does
not pass is left out and reported (LINT-FIX-REFUSED). Every other byte stays; the old file stays as FILE.orig unless
\`--no-backup\` is given. Mode and owner stay, and so does a symbolic link (the file that it leads to is fixed). A file that is
read-only, or that somebody changed while it was linted, stays as it is: LINT-FIX, exit status 2. \`--fix-dry-run\` prints a
diff and ends with 0; with \`--format json\` the diffs stand in \`fixes\`, beside the findings. What is dead or dangerous has no fix: a person must say what was meant. Fixed are:
${fixableCodes}

`;
