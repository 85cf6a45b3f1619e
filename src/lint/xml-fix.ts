/** A `<` of a pattern that is not escaped: the reader takes it for a tag (spec/ossec.md 2). */
import type { Place, SourceText } from "../ossec/xml/source.js";
import { fixOf } from "./edits.js";
import type { Fix, TextEdit } from "./model.js";

/** Patterns in which `\<` is a `<`: OS_Regex and PCRE2. */
const patterns =
  /<(regex|prematch|if_matched_regex|field|pcre2|\w+_pcre2)((?:\s[^<>]*)?)>([^\r\n]*?)<\/\1>/gi;
/** Followed by something that begins no tag, no comment. */
const bare = /(?<!\\)<(?![A-Za-z_/!?])/g;

export function escapeLess(source: SourceText): Fix | null {
  const edits: TextEdit[] = [];
  for (const found of source.text.matchAll(patterns)) {
    const [whole, name = "", attributes = "", content = ""] = found;
    const rest = content.replace(bare, "");
    // What may be a tag is left to people.
    if (rest === content || /(?<!\\)</.test(rest) || whole.length > 4096) continue;
    const start = found.index + name.length + attributes.length + 2;
    for (const less of content.matchAll(bare)) {
      const place: Place = { source, start: start + less.index, end: start + less.index };
      edits.push({ place, text: "\\" });
    }
  }
  return edits.length === 0 ? null : fixOf("Escape the < of the pattern.", ...edits).fix;
}
