/** Child rules whose events no longer reach the composite that counts their parent's (docs/reference/ossec.md#correlation). */
import type { LoadedOssec, RuleDefinition, RuleNode } from "../ossec/definitions.js";
import type { LintContext } from "./context.js";
import { baseRulesOf, compositesOf, hasConditions } from "./helpers.js";
import { countFirings, siblingLines } from "./lines.js";
import { starvedRules } from "./siblings.js";

export interface StarvingChild {
  readonly child: RuleDefinition;
  readonly bases: readonly RuleDefinition[];
  readonly composites: readonly RuleDefinition[];
  /** Unconditional: nothing is left for them. */
  readonly all: boolean;
  /** What the lines of `--logs` show, by composite; empty: none were given, or they show no difference. */
  readonly firings: readonly {
    readonly composite: RuleDefinition;
    readonly withChild: number;
    readonly without: number;
  }[];
}

/** A composite of more rules than this does not go blind when one of them has a child. */
const fewBases = 2;
/** Children for which the lines are run once more. */
const runLimit = 12;

/** Is the condition met by certain sources only, so that the child is an exception and no attacker chooses it? */
function tellsSourcesApart(child: RuleDefinition, { correlation: { same } }: RuleDefinition): boolean {
  return (
    child.srcip.some(({ negated }) => !negated) ||
    child.lists.some(({ field, lookup }) => field === "srcip" && !lookup.startsWith("not_")) ||
    (same.includes("dstuser") && child.user !== null) ||
    (same.includes("hostname") && child.hostname !== null) ||
    (same.includes("id") && child.idPattern !== null) ||
    (same.includes("srcport") && child.srcport !== null) ||
    (same.includes("dstport") && child.dstport !== null)
  );
}

/** Takes the event for itself whenever its conditions hold. */
function takesEvents(child: RuleDefinition): boolean {
  return !(
    child.refused ||
    child.noalert ||
    child.search !== null ||
    child.ifFts ||
    child.checkDiff ||
    child.compiledRule !== null
  );
}

interface Pair {
  readonly bases: Set<RuleDefinition>;
  readonly composites: Set<RuleDefinition>;
}

/** Rules whose events really reach the composite's list. */
function countedBy(context: LintContext, composite: RuleDefinition): readonly RuleDefinition[] {
  const bases = baseRulesOf(context, composite);
  return composite.search?.kind === "group" ? bases.filter(({ feedsSidList }) => !feedsSidList) : bases;
}

/** Children of the rules that composites count, unless they came with the system. */
export function starvingChildren(context: LintContext): readonly StarvingChild[] {
  const { tree, stock, loaded, lines, written } = context;
  const composites = compositesOf(context);
  const counted = new Set<RuleDefinition>();
  for (const { rule } of composites) for (const base of countedBy(context, rule)) counted.add(base);
  const starved = new Map(starvedRules(context).map(({ rule, by }) => [rule, by]));
  const certain = new Map<RuleDefinition, Pair>();
  const possible = new Map<RuleDefinition, Pair>();
  for (const { rule: composite } of composites) {
    if (composite.refused) continue;
    const bases = countedBy(context, composite);
    const isFew = bases.length <= fewBases || !stock.isStock(written.rule(composite).place);
    if (!isFew && lines === null) continue;
    for (const base of bases) {
      for (const place of tree.places.get(base) ?? []) {
        for (const { node, conflict } of tree.childrenOf(place)) {
          const child = node.rule;
          if (conflict) continue;
          if (child === composite || stock.isStock(written.rule(child).place) || !takesEvents(child))
            continue;
          // What is counted itself is not lost; a level 0 with a condition is meant to be ignored.
          if (counted.has(child) || bases.includes(child)) continue;
          if (child.level === 0 && hasConditions(child)) continue;
          if (tellsSourcesApart(child, composite)) continue;
          // It is not even reached: said by the rules about siblings.
          if (starved.get(composite) === child) continue;
          const list = isFew ? certain : possible;
          const known = list.get(child);
          if (known === undefined)
            list.set(child, { bases: new Set([base]), composites: new Set([composite]) });
          else {
            known.bases.add(base);
            known.composites.add(composite);
          }
        }
      }
    }
  }
  const found: StarvingChild[] = [];
  let runs = 0;
  for (const child of new Set([...certain.keys(), ...possible.keys()])) {
    const sure = certain.get(child);
    const pair = sure ?? possible.get(child);
    if (pair === undefined) continue;
    const affected = [
      ...pair.composites,
      ...(sure === undefined ? [] : (possible.get(child)?.composites ?? [])),
    ];
    let firings: StarvingChild["firings"] = [];
    if (lines !== null && (lines.reported.get(child) ?? 0) > 0 && runs < runLimit) {
      runs += 1;
      const texts = lines.events.slice(0, siblingLines).map(({ line }) => line);
      const [withChild, without] = [
        countFirings(loaded, texts),
        countFirings(withoutRule(loaded, child), texts),
      ];
      firings = affected
        .map((composite) => ({
          composite,
          withChild: withChild.get(composite.id) ?? 0,
          without: without.get(composite.id) ?? 0,
        }))
        .filter((one) => one.without > one.withChild);
    }
    if (sure === undefined && firings.length === 0) continue;
    const blind = sure === undefined ? firings.map(({ composite }) => composite) : [...sure.composites];
    const isAll =
      !hasConditions(child) &&
      blind.every((composite) => countedBy(context, composite).every((base) => pair.bases.has(base)));
    found.push({ child, bases: [...pair.bases], composites: blind, all: isAll, firings });
  }
  return found;
}

/** The same rules without this one, and what is attached below it. */
function withoutRule(loaded: LoadedOssec, rule: RuleDefinition): LoadedOssec {
  const prune = (nodes: readonly RuleNode[]): readonly RuleNode[] => {
    let changed = false;
    const kept = nodes.flatMap((node): readonly RuleNode[] => {
      if (node.rule === rule) {
        changed = true;
        return [];
      }
      const children = prune(node.children);
      if (children === node.children) return [node];
      changed = true;
      return [{ ...node, children }];
    });
    return changed ? kept : nodes;
  };
  const ruleById = new Map(loaded.ruleById);
  ruleById.delete(rule.id);
  return {
    ...loaded,
    ruleById,
    rules: loaded.rules.filter((one) => one !== rule),
    roots: prune(loaded.roots),
  };
}
