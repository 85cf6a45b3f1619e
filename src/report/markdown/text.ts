import { printable } from "../diagnostics-text.js";

/**
 * What a renderer could take for something else than text: emphasis, links, pictures, HTML, tables, mentions of people,
 * issues and milestones, mathematics; GitHub's, GitLab's and others'.
 */
const special = /[\\`*_~[\]{}<>|@#$%^&!]|:\/\/|www\.|mailto:|^\s*(?:[-+]|\d+[.)])(?:\s|$)|^\s*$/i;

/** Text within a line or a cell of a table: as it is where it is harmless, else as code, in which nothing is special. */
export function lineText(text: string): string {
  const line = oneLine(text);
  return line === "" ? "" : special.test(line) ? codeOf(line) : line;
}

/** Text as code within a line or a cell of a table. */
export function lineCode(text: string): string {
  const line = oneLine(text);
  return line === "" ? "" : codeOf(line);
}

/** What would begin another line does not. */
const oneLine = (text: string): string => printable(text).replace(/\s+/g, " ").trim();

/** Code between as many backticks as it needs. A bar ends a cell even there, unless a backslash stands before it. */
function codeOf(line: string): string {
  const runs = [...line.matchAll(/`+/g)].map(([run]) => run.length);
  const fence = "`".repeat(Math.max(0, ...runs) + 1);
  const isOpen = line.startsWith("`") || line.endsWith("`");
  const text = line.replace(/\\+\|/g, (found) => `${found.slice(0, -1)}\\x7c`).replaceAll("|", "\\|");
  return `${fence}${isOpen ? ` ${text} ` : text}${fence}`;
}

/** A block of code with a fence that no line of it can end. */
export function fenced(text: string, language: string): string {
  const runs = [...text.matchAll(/`+/g)].map(([run]) => run.length);
  const fence = "`".repeat(Math.max(3, ...runs.map((length) => length + 1)));
  return `${fence}${language}\n${printable(text).replace(/\n*$/, "\n")}${fence}\n`;
}
