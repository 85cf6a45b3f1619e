/** Edits of files as fixes need them: an element, an attribute or a value, and nothing else. */
import type { AttributeRange, ElementRange } from "../ossec/source-map.js";
import { type SourceRange, textAt } from "../ossec/xml/source.js";
import type { Fix, TextEdit } from "./model.js";

const isBlank = (byte: string | undefined): boolean => byte === " " || byte === "\t";

/** Where the line of an offset begins, if nothing but blanks stands before the offset; else the offset. */
function lineStart({ source: { text } }: SourceRange, offset: number): number {
  let at = offset;
  while (isBlank(text[at - 1])) at--;
  return at === 0 || text[at - 1] === "\n" || text[at - 1] === "\r" ? at : offset;
}

/** Behind the line's end, if nothing but blanks stands before it; else null. */
function lineEnd({ source: { text } }: SourceRange, offset: number): number | null {
  let at = offset;
  while (isBlank(text[at])) at++;
  if (text[at] === "\r") return text[at + 1] === "\n" ? at + 2 : at + 1;
  if (text[at] === "\n") return at + 1;
  return null;
}

/** Takes something away, with its line where it stands alone on it. */
export function removal(place: SourceRange): TextEdit {
  const from = lineStart(place, place.start);
  const alone = from < place.start || from === 0 || /[\r\n]/.test(place.source.text[from - 1] ?? "");
  const to = alone ? lineEnd(place, place.end) : null;
  return { place: to === null ? place : { ...place, start: from, end: to }, text: "" };
}

/** The attribute from its name to behind the closing quote. */
function attributeSpan({ namePlace }: AttributeRange): SourceRange {
  const rest = /=\s*(?:"[^"]*"|'[^']*')/y;
  rest.lastIndex = namePlace.end;
  const found = rest.exec(namePlace.source.text);
  return { ...namePlace, end: found === null ? namePlace.end : rest.lastIndex };
}

/** Takes an attribute away, with the blanks before it. */
function attributeRemoval(attribute: AttributeRange): TextEdit {
  const span = attributeSpan(attribute);
  const { text } = span.source;
  let start = span.start;
  while (/\s/.test(text[start - 1] ?? "")) start--;
  return { place: { ...span, start }, text: "" };
}

export function fixOf(title: string, ...edits: readonly TextEdit[]): { readonly fix: Fix } {
  return { fix: { title, edits } };
}

/** Takes elements away that the engine does not look at. */
export function removeElements(
  title: string,
  ...elements: readonly Pick<ElementRange, "place">[]
): { readonly fix: Fix } {
  return fixOf(title, ...elements.map(({ place }) => removal(place)));
}

export function removeAttribute(title: string, attribute: AttributeRange): { readonly fix: Fix } {
  return fixOf(title, attributeRemoval(attribute));
}

/** Writes another value; nothing where the file does not hold the old one as it is read (variables). */
export function rewrite(
  title: string,
  place: SourceRange,
  was: string,
  text: string,
): { readonly fix?: Fix } {
  return textAt(place) === was && was !== text && !was.includes("$") ? fixOf(title, { place, text }) : {};
}

/** Puts the text of a repeated element behind that of the one before it, as the engine does. */
export function joinInto(first: ElementRange, later: ElementRange): { readonly fix?: Fix } {
  const texts = [first, later].map(({ content, value }) => [textAt(content), value] as const);
  // A comment, an inner element or a variable in between would be read otherwise.
  if (texts.some(([written, value]) => written !== value || value === "" || value.includes("$"))) return {};
  const { content } = first;
  return fixOf(
    "Write the joined text in one element.",
    { place: { ...content, start: content.end }, text: later.value },
    removal(later.place),
  );
}
