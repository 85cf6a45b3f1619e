import { alternativesOf, byteOf, type PatternNode, type PatternTree, sequenceOf } from "./ast.js";

const start: PatternNode = { kind: "assertion", assertion: "start" };
/** Where PCRE2 decides, `$` also matches before a final newline. */
const end: PatternNode = { kind: "assertion", assertion: "endOrNewline" };
const endOfText: PatternNode = { kind: "assertion", assertion: "end" };

/** Parses OS_Match (docs/reference/ossec.md#os_match) where it is no fast path. */
export function parseOsMatch(text: string): PatternTree {
  const options = text.split("|").map((word) =>
    sequenceOf(
      Array.from({ length: word.length }, (_, at) => {
        const code = word.charCodeAt(at);
        return code === 0x5e ? start : code === 0x24 ? end : byteOf(code, true);
      }),
    ),
  );
  return { root: alternativesOf(options), groups: 0 };
}

/** A literal between anchors. */
export function parseFastMatch(text: string): PatternTree {
  const from = text.startsWith("^") ? 1 : 0;
  const to = text.length - (text.endsWith("$") ? 1 : 0);
  const items: PatternNode[] = from === 1 ? [start] : [];
  for (let at = from; at < to; at += 1) items.push(byteOf(text.charCodeAt(at), true));
  if (to < text.length) items.push(endOfText);
  return { root: sequenceOf(items), groups: 0 };
}
