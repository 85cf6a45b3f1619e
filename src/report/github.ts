import type { Diagnostic } from "../diagnostics/diagnostic.js";
import { githubData, githubProperty } from "./markup.js";

/** A diagnostic as one of GitHub's workflow commands: an annotation at its place. */
export function githubAnnotation(diagnostic: Diagnostic): string {
  const { severity, code, message, help, file, line, column, endLine } = diagnostic;
  const word = severity === "info" ? "notice" : severity;
  const place = [
    `file=${githubProperty(file)}`,
    `line=${line}`,
    `col=${column}`,
    ...(endLine === undefined ? [] : [`endLine=${endLine}`]),
    `title=${githubProperty(code)}`,
  ];
  const text = help === undefined ? message : `${message}\n${help}`;
  return `::${word} ${place.join(",")}::${githubData(text)}\n`;
}
