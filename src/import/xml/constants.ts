/** Names for values that several detections of a module have. */
import type { BurstBase } from "../../dsl/burst.js";
import type { RuleDefinition } from "../../ossec/definitions.js";
import type { Draft, DraftConstant, DraftModule } from "../draft.js";
import { shownText } from "./texts.js";

/** A rule of the host that is named so often reads better with a name. */
const oftenNamed = 3;

/** Names for rules of the host that several detections are about. */
export function constantsOf(
  { detections }: Pick<DraftModule, "detections">,
  ruleOf: (id: number) => RuleDefinition | undefined,
): readonly DraftConstant[] {
  const counts = new Map<number, number>();
  const count = (ids: readonly number[]): void => {
    for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1);
  };
  const based = (base: BurstBase): void => count("rule" in base ? [base.rule] : []);
  for (const { value } of detections) {
    if (value.kind === "rule" && value.under !== undefined)
      count(("rules" in value.under && value.under.rules) || []);
    else if (value.kind === "burst") based(value.of);
    else if (value.kind === "sequence") for (const base of [value.first, value.next]) based(base);
  }
  const rules = [...counts].flatMap(([id, times]): readonly DraftConstant[] => {
    const description = ruleOf(id)?.description ?? null;
    if (times < oftenNamed || description === null) return [];
    const text = shownText(description);
    return [{ kind: "rule", name: text, value: id, comments: [`Rule ${id}: ${text}`] }];
  });
  return [...rules, ...repeatedValues(detections.map(({ value }) => value))];
}

/** Names for what several responses have in common. */
export function responseConstants({ responses }: Pick<Draft, "responses">): readonly DraftConstant[] {
  return repeatedValues(responses.map(({ value }) => value));
}

/** Properties whose values mean the same wherever they are equal, how they are called, and from how many times on. */
const meanings: readonly {
  readonly property: string;
  readonly times: number;
  readonly nameOf: (value: string | readonly string[]) => string;
}[] = [
  { property: "within", times: 3, nameOf: () => "burstWindow" },
  { property: "ignore", times: 3, nameOf: () => "quietTime" },
  { property: "for", times: 2, nameOf: () => "banTime" },
  { property: "escalate", times: 2, nameOf: () => "longerBans" },
  {
    property: "srcip",
    times: 2,
    nameOf: ([first = ""]) => (first.startsWith("!") ? "unknownSources" : "knownSources"),
  },
];

/**
 * Of each property the value that most of them have. Only one: a second name would have to say what sets the two apart,
 * and that is the value alone.
 */
function repeatedValues(values: readonly object[]): readonly DraftConstant[] {
  const found = new Map<string, Map<string, { readonly value: string | readonly string[]; times: number }>>();
  const note = (property: string, value: string | readonly string[]): void => {
    const counts = found.get(property) ?? new Map();
    found.set(property, counts);
    const key = JSON.stringify(value);
    const known = counts.get(key);
    if (known === undefined) counts.set(key, { value, times: 1 });
    else known.times += 1;
  };
  const walk = (value: unknown): void => {
    if (typeof value !== "object" || value === null) return;
    for (const [key, held] of Object.entries(value)) {
      if (meanings.some(({ property }) => property === key)) {
        const isList = Array.isArray(held) && held.length > 1 && held.every((one) => typeof one === "string");
        // An address is as short as a name for it.
        if (isList || (typeof held === "string" && key !== "srcip")) note(key, held);
      }
      walk(held);
    }
  };
  values.forEach(walk);
  return meanings.flatMap(({ property, times, nameOf }): readonly DraftConstant[] => {
    const [most] = [...(found.get(property)?.values() ?? [])].sort((one, other) => other.times - one.times);
    if (most === undefined || most.times < times) return [];
    return [{ kind: "value", property, name: nameOf(most.value), value: most.value }];
  });
}
