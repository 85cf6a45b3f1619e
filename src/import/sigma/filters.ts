/** Filters of Sigma: what is to hold besides for the events of the rules that they name. */
import type { Refused } from "../draft.js";
import {
  Broken,
  type Correlation,
  type EventRule,
  type Filter,
  type LogSource,
  Refusal,
  type SigmaRule,
} from "./rule.js";

export function refusedOf(rule: { readonly title: string }, error: Refusal): Refused {
  const { place, reason, help } = error;
  return {
    what: `"${rule.title}"`,
    place,
    reason,
    ...(help === null ? {} : { help }),
    ...(error instanceof Broken ? { isBroken: true } : {}),
  };
}

/** The rules with what the filters say put into them. A filter that means none of them is refused. */
export function withFilters(rules: readonly SigmaRule[]): {
  readonly rules: readonly (EventRule | Correlation)[];
  readonly refused: readonly Refused[];
} {
  const filters = rules.flatMap((rule) => (rule.kind === "filter" ? [rule] : []));
  const used = new Set<Filter>();
  const filtered = rules.flatMap((rule): readonly (EventRule | Correlation)[] => {
    if (rule.kind === "filter") return [];
    if (rule.kind === "correlation") return [rule];
    const mine = filters.filter((filter) => means(filter, rule));
    for (const filter of mine) used.add(filter);
    const of = [rule.test, ...mine.map(({ test }) => test)];
    return [mine.length === 0 ? rule : { ...rule, test: { kind: "all", of } }];
  });
  const refused = filters
    .filter((filter) => !used.has(filter))
    .map((filter) =>
      refusedOf(
        filter,
        new Refusal(filter.place, "it is a filter, and no rule of these files is meant by it"),
      ),
    );
  return { rules: filtered, refused };
}

function means({ rules, source }: Filter, rule: EventRule): boolean {
  const isNamed = rules === null || rules.some((name) => name === rule.id || name === rule.name);
  const parts = ["category", "product", "service"] as const satisfies readonly (keyof LogSource)[];
  return isNamed && parts.every((part) => source[part] === null || source[part] === rule.source[part]);
}
