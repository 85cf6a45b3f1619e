import type { ts } from "ts-morph";
import type { Span } from "../../diagnostics/diagnostic.js";

/** How a source file is called in diagnostics; set when the loader reads it. */
const displayNames = new WeakMap<ts.SourceFile, string>();
/** Where the second half of each surrogate pair stands, ascending: what UTF-16 counts and code points do not. */
const secondHalves = new WeakMap<ts.SourceFile, readonly number[]>();

export function setDisplayName(file: ts.SourceFile, name: string): void {
  displayNames.set(file, name);
}

/** The file's name as diagnostics spell it (docs/reference/cli.md: as given, or relative to the working directory). */
export function displayName(file: ts.SourceFile): string {
  return displayNames.get(file) ?? file.fileName;
}

/** The span of a node, without the comments and blanks before it. */
export function spanOfNode(node: ts.Node): Span {
  const file = node.getSourceFile();
  return spanOfRange(file, node.getStart(file), node.getEnd());
}

/** The span between two offsets of a file's text (UTF-16 units). Logarithmic in the size of the file. */
export function spanOfRange(file: ts.SourceFile, start: number, end: number): Span {
  const from = place(file, start);
  const to = place(file, Math.max(start, end));
  return {
    file: displayName(file),
    line: from.line,
    column: from.column,
    endLine: to.line,
    endColumn: to.column,
  };
}

function place(file: ts.SourceFile, offset: number): { readonly line: number; readonly column: number } {
  const position = Math.min(Math.max(offset, 0), file.text.length);
  const at = file.getLineAndCharacterOfPosition(position);
  const lineStart = position - at.character;
  const halves = secondHalvesOf(file);
  const pairs = countBelow(halves, position) - countBelow(halves, lineStart);
  return { line: at.line + 1, column: at.character - pairs + 1 };
}

function secondHalvesOf(file: ts.SourceFile): readonly number[] {
  const known = secondHalves.get(file);
  if (known !== undefined) return known;
  const found: number[] = [];
  for (const pair of file.text.matchAll(/[\ud800-\udbff][\udc00-\udfff]/g)) found.push(pair.index + 1);
  secondHalves.set(file, found);
  return found;
}

/** How many of the ascending numbers are below the limit. */
function countBelow(ascending: readonly number[], limit: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ascending[middle] ?? Number.POSITIVE_INFINITY) < limit) low = middle + 1;
    else high = middle;
  }
  return low;
}
