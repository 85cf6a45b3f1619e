/** Offsets of the value of a property of the outermost object, in a text that is valid JSON; null: it has none. */
export function valueRange(text: string, property: string): readonly [start: number, end: number] | null {
  let depth = 0;
  let key: string | null = null;
  let start = -1;
  for (let at = 0; at < text.length; at++) {
    const letter = text[at];
    if (letter === '"') {
      const from = at;
      for (at++; text[at] !== '"'; at++) if (text[at] === "\\") at++;
      if (depth === 1 && start === -1) key = text.slice(from, at + 1);
    } else if (letter === "{" || letter === "[") depth += 1;
    else if (letter === ":" && depth === 1 && start === -1) start = at + 1;
    else if (letter === "," || letter === "}" || letter === "]") {
      const ends = depth === 1;
      if (letter !== ",") depth -= 1;
      if (!ends) continue;
      if (key !== null && start !== -1 && JSON.parse(key) === property) return trimmed(text, start, at);
      key = null;
      start = -1;
    }
  }
  return null;
}

function trimmed(text: string, start: number, end: number): readonly [start: number, end: number] {
  const value = text.slice(start, end);
  return [start + value.length - value.trimStart().length, start + value.trimEnd().length];
}
