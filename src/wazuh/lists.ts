/** Key-value lists of Wazuh (docs/reference/wazuh.md#lists-in-wazuh). */
import type { KeyValueList } from "../ossec/definitions.js";

/** Bytes that are read as one line. */
const longestLine = 65534;

function untilAny(line: string, ends: readonly string[]): string {
  return ends.reduce((text, end) => {
    const at = text.indexOf(end);
    return at < 0 ? text : text.slice(0, at);
  }, line);
}

/** What stands between the first quote from a place on and the next one; null: the second is missing. */
function quotedFrom(line: string, quote: number): { readonly text: string; readonly end: number } | null {
  const end = line.indexOf('"', quote + 1);
  return end < 0 ? null : { text: line.slice(quote + 1, end), end: end + 1 };
}

/** The key and the value of a line; null: it is no entry. */
function entryOf(line: string): readonly [string, string] | null {
  const colon = line.indexOf(":");
  if (colon < 0) return null;
  let key = line.slice(0, colon);
  let behind = colon + 1;
  const quote = line.indexOf('"');
  if (quote >= 0 && quote < colon) {
    const quoted = quotedFrom(line, quote);
    if (quoted === null) return null;
    key = quoted.text;
    behind = line.indexOf(":", quoted.end) + 1;
    if (behind === 0) return null;
  }
  const valueQuote = line.indexOf('"', behind);
  if (valueQuote < 0) return [key, line.slice(behind)];
  const quoted = quotedFrom(line, valueQuote);
  return quoted === null ? null : [key, quoted.text];
}

/** Reads a list; of equal keys the first one counts. */
export function readWazuhList(path: string, text: string): KeyValueList {
  const entries = new Map<string, string>();
  for (const line of text.split("\n")) {
    for (let at = 0; at <= line.length; at += longestLine) {
      const entry = entryOf(untilAny(line.slice(at, at + longestLine), ["\0", "\r"]));
      if (entry !== null && !entries.has(entry[0])) entries.set(...entry);
    }
  }
  return { path, entries };
}
