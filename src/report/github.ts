import type { Diagnostic } from "../diagnostics/diagnostic.js";

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

export function githubData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

export function githubProperty(text: string): string {
  return githubData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
