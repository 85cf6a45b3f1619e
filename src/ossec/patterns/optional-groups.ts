/** Groups that may take no part: what they capture is skipped, and later captures move (docs/reference/ossec.md#decoder-fields). */
import { childrenOf, type PatternNode } from "./ast.js";
import type { PatternSource } from "./index.js";
import { parseOsRegex } from "./os-regex-parse.js";
import { parsePcre2 } from "./pcre2/parse.js";

interface Participation {
  /** Groups that always take part. */
  readonly always: ReadonlySet<number>;
  readonly all: ReadonlySet<number>;
  readonly fewest: number;
  readonly most: number;
}

const nobody: Participation = { always: new Set(), all: new Set(), fewest: 0, most: 0 };

function both(one: Participation, other: Participation): Participation {
  if (one === nobody) return other;
  if (other === nobody) return one;
  return {
    always: new Set([...one.always, ...other.always]),
    all: new Set([...one.all, ...other.all]),
    fewest: one.fewest + other.fewest,
    most: one.most + other.most,
  };
}

function either(ways: readonly Participation[]): Participation {
  if (ways.every((way) => way === nobody)) return nobody;
  const [first = nobody] = ways;
  return {
    always: new Set([...first.always].filter((group) => ways.every(({ always }) => always.has(group)))),
    all: new Set(ways.flatMap(({ all }) => [...all])),
    fewest: Math.min(...ways.map(({ fewest }) => fewest)),
    most: Math.max(...ways.map(({ most }) => most)),
  };
}

function participation(node: PatternNode): Participation {
  if (node.kind === "group") {
    const own = new Set([node.index]);
    return both({ always: own, all: own, fewest: 1, most: 1 }, participation(node.body));
  }
  if (node.kind === "alternatives") return either(node.options.map(participation));
  if (node.kind === "repeat" && node.min === 0) return either([nobody, participation(node.body)]);
  if (node.kind === "conditional") {
    return either([participation(node.yes), node.no === null ? nobody : participation(node.no)]);
  }
  return childrenOf(node).map(participation).reduce(both, nobody);
}

/**
 * A group that may be left out while a later one takes part, so that the later one's text gets the wrong
 * name; null: none. Alternatives that all capture as much as the order has names are meant so.
 */
export function shiftingGroup(pattern: PatternSource, names: number): number | null {
  if (pattern.language === "osmatch" || names < 2 || !/\||\)[?*{]/.test(pattern.text)) return null;
  const tree = pattern.language === "osregex" ? parseOsRegex(pattern.text) : parsePcre2(pattern.text);
  if (!tree.ok || tree.value.groups < 2 || tree.value.groups > 64) return null;
  // More groups than names: the alternatives are meant to share the names.
  if (tree.value.groups > names) return null;
  const { always, all, fewest, most } = participation(tree.value.root);
  if (fewest === most && fewest >= names) return null;
  const optional = [...all].filter((group) => !always.has(group)).sort((one, other) => one - other);
  const [first] = optional;
  if (first === undefined || first > names) return null;
  // Something behind it may still take part: a certain group, or one of another alternative.
  const behind = [...all].some(
    (group) => group > first && (always.has(group) || mayStandAlone(tree.value.root, first, group)),
  );
  return behind ? first : null;
}

/** Can `later` take part without `first`? True when they stand in different alternatives. */
function mayStandAlone(node: PatternNode, first: number, later: number): boolean {
  if (node.kind === "alternatives") {
    const holds = (group: number) => node.options.findIndex((option) => participation(option).all.has(group));
    const [one, other] = [holds(first), holds(later)];
    if (other >= 0 && one !== other) return true;
    const option = one >= 0 && one === other ? node.options[one] : undefined;
    return option !== undefined && mayStandAlone(option, first, later);
  }
  if (node.kind === "repeat" && node.min === 0) {
    const inside = participation(node.body).all;
    if (inside.has(first) && !inside.has(later)) return true;
  }
  return childrenOf(node).some((child) => {
    const { all } = participation(child);
    return (
      all.has(first) && (!all.has(later) ? isOptional(child, first) : mayStandAlone(child, first, later))
    );
  });
}

function isOptional(node: PatternNode, group: number): boolean {
  return !participation(node).always.has(group);
}
