/** Key-value lists (docs/reference/ossec.md#rule-elements, `<list>`). */
import type { KeyValueList } from "../definitions.js";

/** Reads `key:value` lines. A line without a colon is no entry; the first line of a key wins. */
export function readKeyValueList(path: string, text: string): KeyValueList {
  const entries = new Map<string, string>();
  for (const line of text.split("\n")) {
    const colon = line.indexOf(":");
    if (colon < 0) continue;
    const key = line.slice(0, colon);
    const value = line.slice(colon + 1);
    if (!entries.has(key)) entries.set(key, value.endsWith("\r") ? value.slice(0, -1) : value);
  }
  return { path, entries };
}
