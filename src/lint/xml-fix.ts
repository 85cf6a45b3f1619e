/** A `<` of a pattern that is not escaped: the reader takes it for a tag (docs/reference/ossec.md#xml). */
import type { Dialect } from "../ossec/dialect.js";
import { readEntries } from "../ossec/xml/reader.js";
import { type SourceRange, type SourceText, sourceText } from "../ossec/xml/source.js";
import { fixOf } from "./edits.js";
import type { Fix, TextEdit } from "./model.js";

/** Longer patterns are left alone; the bound also keeps a file of one line from being looked through again and again. */
const patternLimit = 4096;
/** Patterns in which `\<` is a `<`: OS_Regex and PCRE2. */
const patterns = new RegExp(
  `<(regex|prematch|if_matched_regex|field|pcre2|\\w{1,40}_pcre2)((?:\\s[^<>]{0,400})?)>([^\\r\\n]{0,${patternLimit}}?)</\\1>`,
  "gi",
);
/** Followed by something that begins no tag, no comment. */
const bare = /(?<!\\)<(?![A-Za-z_/!?])/g;
/** As the reader ends them; one that is not closed takes the rest. */
const comments = /<![\s\S]*?(?:-->|!>|$)/g;

/** A fix that lets the reader come further; null: none. */
export function escapeLess(source: SourceText, dialect: Dialect): Fix | null {
  const before = readEntries(source, dialect).problem;
  if (before === null) return null;
  const seen = source.text.replace(comments, (comment) => comment.replace(/[^\r\n]/g, " "));
  const edits: TextEdit[] = [];
  for (const found of seen.matchAll(patterns)) {
    const [, name = "", attributes = "", content = ""] = found;
    const rest = content.replace(bare, "");
    // What may be a tag is left to people.
    if (rest === content || /(?<!\\)</.test(rest)) continue;
    const start = found.index + name.length + attributes.length + 2;
    for (const less of content.matchAll(bare)) {
      const place: SourceRange = { source, start: start + less.index, end: start + less.index };
      edits.push({ place, text: "\\" });
    }
  }
  if (edits.length === 0) return null;
  const after = readEntries(sourceText(source.file, withBackslashes(source.text, edits)), dialect).problem;
  const moved = edits.filter(({ place }) => place.start <= before.start).length;
  if (after !== null && after.start <= before.start + moved) return null;
  return fixOf("Escape the < of the pattern.", ...edits).fix;
}

function withBackslashes(text: string, edits: readonly TextEdit[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const { place, text: added } of edits) {
    parts.push(text.slice(at, place.start), added);
    at = place.start;
  }
  return parts.join("") + text.slice(at);
}
