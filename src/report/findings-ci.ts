/** Findings as CI servers read them: JUnit's XML and GitHub's annotations. */
import type { Finding } from "../lint/finding.js";
import { githubData, githubProperty, xmlText } from "./markup.js";

/** A test case a finding; `failing` says which of them fail the run. */
export function findingsJunit(
  findings: readonly Finding[],
  failing: (finding: Finding) => boolean,
  files: readonly string[],
): string {
  const found = new Set(findings.map(({ file }) => file));
  const clean = files.filter((file) => !found.has(file));
  const cases = findings.map((finding) => {
    const { code, file, line, column, message, effect, help } = finding;
    const open = `  <testcase classname="${xmlText(file)}" name="${xmlText(`${code} ${line}:${column}`)}"`;
    const text = xmlText(`${file}:${line}:${column} ${message}${help === undefined ? "" : `\n${help}`}`);
    return failing(finding)
      ? `${open}>\n    <failure type="${effect}" message="${xmlText(message)}">${text}</failure>\n  </testcase>\n`
      : `${open}>\n    <system-out>${text}</system-out>\n  </testcase>\n`;
  });
  const passed = clean.map((file) => `  <testcase classname="${xmlText(file)}" name="lint"/>\n`);
  const failures = findings.filter(failing).length;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuite name="zopf lint" tests="${cases.length + passed.length}" failures="${failures}" errors="0">\n${cases.join("")}${passed.join("")}</testsuite>\n`;
}

const commands = { error: "error", warning: "warning", info: "notice" } as const;

export function findingsGithub(findings: readonly Finding[]): string {
  return findings
    .map(({ severity, file, line, column, endLine, endColumn, code, message, help }) => {
      const end =
        (endLine === undefined ? "" : `,endLine=${endLine}`) +
        (endColumn === undefined ? "" : `,endColumn=${endColumn}`);
      const text = help === undefined ? message : `${message}\n${help}`;
      return `::${commands[severity]} file=${githubProperty(file)},line=${line},col=${column}${end},title=${githubProperty(code)}::${githubData(text)}\n`;
    })
    .join("");
}
