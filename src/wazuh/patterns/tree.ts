/** Wazuh's patterns as trees: for questions about the texts that they match. */
import { alternativesOf, byteOf, type PatternNode, sequenceOf } from "../../ossec/patterns/ast.js";
import { parsePcre2 } from "../../ossec/patterns/pcre2/parse.js";
import type { ReadPattern } from "../../ossec/patterns/tree.js";
import type { WazuhPatternSource } from "./compile.js";
import {
  CLASS,
  classSets,
  MARK,
  type OsRegexAlternative,
  PLUS,
  parseOsRegex,
  STAR,
} from "./os-regex-parse.js";
import { wazuhCall } from "./pcre2.js";

const start: PatternNode = { kind: "assertion", assertion: "start" };
const end: PatternNode = { kind: "assertion", assertion: "end" };

/** @param firstGroup - the number of its first group */
function alternative(
  { units, anchoredStart, anchoredEnd }: OsRegexAlternative,
  firstGroup: number,
): { readonly node: PatternNode; readonly groups: number } {
  let items: PatternNode[] = anchoredStart ? [start] : [];
  let outer: PatternNode[] | null = null;
  let groups = 0;
  for (const [at, unit] of units.entries()) {
    if (unit === MARK) {
      if (outer === null) {
        outer = items;
        items = [];
      } else {
        outer.push({ kind: "group", index: firstGroup + groups, body: sequenceOf(items) });
        groups += 1;
        items = outer;
        outer = null;
      }
    } else if (unit === PLUS || unit === STAR) {
      const body = items.pop();
      if (body === undefined) continue;
      const min = unit === PLUS ? 1 : 0;
      items.push({ kind: "repeat", body, min, max: Number.POSITIVE_INFINITY, mode: "lazy", at });
    } else if (unit >= CLASS) {
      const set = classSets[unit - CLASS];
      if (set !== undefined) items.push({ kind: "set", set });
    } else items.push(byteOf(unit, true));
  }
  if (anchoredEnd) items.push(end);
  return { node: sequenceOf(items), groups };
}

function osRegexTree(text: string): PatternNode | null {
  const parsed = parseOsRegex(text);
  if (!parsed.ok) return null;
  let groups = 1;
  return alternativesOf(
    parsed.value.alternatives.map((one) => {
      const { node, groups: own } = alternative(one, groups);
      groups += own;
      return node;
    }),
  );
}

function word(text: string): PatternNode {
  const from = text.startsWith("^") ? 1 : 0;
  const to = text.length > from && text.endsWith("$") ? text.length - 1 : text.length;
  const items: PatternNode[] = from === 1 ? [start] : [];
  for (let at = from; at < to; at += 1) items.push(byteOf(text.charCodeAt(at), true));
  if (to < text.length) items.push(end);
  return sequenceOf(items);
}

/** Reads a pattern of Wazuh's. Null: it is refused. */
export function readWazuhPattern({
  language,
  text,
  negated = false,
}: WazuhPatternSource): ReadPattern | null {
  if (language === "osmatch") {
    const turned = text.startsWith("!");
    const words = (turned ? text.slice(1) : text).split("|");
    return { root: alternativesOf(words.map(word)), negated: negated !== turned };
  }
  if (language === "osregex") {
    const root = osRegexTree(text);
    return root === null ? null : { root, negated };
  }
  const tree = parsePcre2(text, wazuhCall);
  return tree.ok ? { root: tree.value.root, negated } : null;
}
