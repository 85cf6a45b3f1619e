/** The pattern for a whole path. */
export function pathExpression(pattern: string): RegExp {
  try {
    return new RegExp(`^${pattern.split("/").map(partPattern).join("/")}$`);
  } catch {
    return /(?!)/;
  }
}

/** The same for one part of a path, as the text of a regular expression. */
export function partPattern(part: string): string {
  return part
    .split(/(\*|\?|\[!?[^\]]+\])/)
    .map((piece) => {
      if (piece === "*") return "[^/]*";
      if (piece === "?") return "[^/]";
      if (/^\[.+\]$/.test(piece)) return piece.replace(/^\[!/, "[^").replaceAll("\\", "\\\\");
      return piece.replace(/[\\^$.|+()[\]{}*?]/g, "\\$&");
    })
    .join("");
}
