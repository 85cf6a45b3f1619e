import type { SourceRange } from "../../ossec/xml/source.js";
import { valuePlace, type WrittenRule } from "../elements.js";
import { compositesOf, positive } from "../helpers.js";
import type { LintRule } from "../model.js";
import { promisedCounts } from "../promised-count.js";

export const frequencyOffByTwo: LintRule = {
  code: "OSSEC-FREQUENCY-OFF-BY-TWO",
  trap: "frequency-off-by-two",
  effect: "misread",
  title: "frequency N fires on event N+2",
  why: "The current event is not counted and N+1 earlier ones are needed. A rule whose description (or the comment before it) names another number of events does not do what it says.",
  instead: "Write two less than the number of events that you mean.",
  reference: "docs/reference/ossec.md#correlation",
  bad: {
    rules: `<rule id="100100" level="3"><match>bad login</match><description>base</description></rule>\n<rule id="100101" level="10" frequency="«5»" timeframe="60"><if_matched_sid>100100</if_matched_sid><description>5 bad logins</description></rule>`,
  },
  good: {
    rules: `<rule id="100100" level="3"><match>bad login</match><description>base</description></rule>\n<rule id="100101" level="10" frequency="3" timeframe="60"><if_matched_sid>100100</if_matched_sid><description>5 bad logins</description></rule>`,
  },
  check(context, report) {
    for (const written of compositesOf(context)) {
      const { rule } = written;
      const attribute = positive(written, "frequency", 4);
      if (attribute === null) continue;
      const fires = rule.frequency + 2;
      const promised = promiseOf(written, rule.frequency, fires);
      if (promised === "kept") continue;
      if (promised === null)
        report(
          valuePlace(attribute),
          `rule ${rule.id} fires on event ${fires}, not on event ${rule.frequency}`,
          { severity: "info", note: true },
        );
      else
        report(
          valuePlace(attribute),
          `rule ${rule.id} fires on event ${fires}, but its ${promised.where} speaks of ${promised.text}: frequency N fires on event N+2`,
          {
            help:
              promised.event >= 3
                ? `Write frequency="${promised.event - 2}" to fire on event ${promised.event}, or say ${fires} in the ${promised.where}.`
                : `Say ${fires} in the ${promised.where}: with a frequency attribute a rule fires on event 3 at the earliest.`,
          },
        );
    }
  },
};

interface Promise {
  readonly event: number;
  readonly text: string;
  readonly where: "description" | "comment";
}

/** What is said about the rule; null: no number of events. */
function promiseOf(written: WrittenRule, frequency: number, fires: number): Promise | "kept" | null {
  const described = promisedCounts(written.rule.description ?? "").map((one) => ({
    ...one,
    where: "description" as const,
  }));
  const commented = promisedCounts(commentBefore(written.place)).flatMap((one) =>
    one.certain ? [{ ...one, where: "comment" as const }] : [],
  );
  const all = [...described, ...commented];
  if (all.some(({ event }) => event === fires)) return "kept";
  return all.find(({ event }) => event === frequency) ?? all.find(({ certain }) => certain) ?? null;
}

/** The comment right before the rule. */
function commentBefore({ source, start }: SourceRange): string {
  const before = source.text.slice(Math.max(0, start - 600), start);
  const from = before.lastIndexOf("<!-");
  const comment = from < 0 ? null : /^<!-*([\s\S]*?)(?:-->|!>)\s*$/.exec(before.slice(from));
  return comment?.[1] ?? "";
}
