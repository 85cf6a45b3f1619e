/** The documentation of rules: `--explain`, docs/lint.md, SARIF. */
import { type Example, type LintRule, severityOf } from "./model.js";
import { ruleByCode } from "./rules/index.js";

const home = "https://github.com/zopf/zopf/blob/main/docs/lint.md";

/** Codes that are no rule's: about suppressions. */
const others: Readonly<Record<string, string>> = {
  "LINT-SUPPRESSION-REASON": "A suppression without a code or a reason",
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

/** A rule's section of docs/lint.md, and the answer of `--explain`. */
export function ruleMarkdown(rule: LintRule): string {
  const facts = [
    `**Effect** ${rule.effect} · **severity** ${severityOf(rule)}`,
    `**dialects** ${(rule.dialects ?? ["ossec"]).join(", ")}`,
    ...(rule.engines === undefined ? [] : [`**engines** ${rule.engines.join(", ")}`]),
    ...(rule.trap === undefined ? [] : [`**trap** ${rule.trap}`]),
    ...(rule.needsLogs === true ? ["needs `--logs`"] : []),
    ...(rule.fixable === true ? ["mended by `--fix`"] : []),
  ];
  return (
    `### ${rule.code}\n\n${rule.title}.\n\n${facts.join(" · ")}\n\n${rule.why}\n\n` +
    `${rule.instead === undefined ? "" : `**Instead.** ${rule.instead}\n\n`}` +
    `**Bad**\n\n${exampleMarkdown(rule.bad)}\n**Good**\n\n${exampleMarkdown(rule.good)}\n` +
    `Source: ${rule.reference}\n`
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
