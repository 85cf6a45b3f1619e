import type { Dialect } from "../../ossec/dialect.js";
import { lowerCase } from "../../ossec/load/text.js";
import { readEntries } from "../../ossec/xml/reader.js";
import { type SourceRange, type SourceText, textAt } from "../../ossec/xml/source.js";
import { fixOf } from "../edits.js";
import { elementsNamed } from "../elements.js";
import type { LintRule } from "../model.js";

export const groupTrailingComma: LintRule = {
  code: "OSSEC-GROUP-TRAILING-COMMA",
  effect: "style",
  dialects: ["ossec", "wazuh"],
  title: "A group text without a comma at its end",
  why: "What is appended later, a rule's own group, grows together with the last name.",
  instead: "End every group text with a comma.",
  reference: "docs/reference/ossec.md#place-in-the-tree",
  bad: {
    rules: `<group name="«local»">\n<rule id="100100" level="5"><match>bad</match><description>a</description></rule>\n</group>`,
  },
  fixed: { rules: `<rule id="100100" level="5"><match>bad</match><description>a</description></rule>` },
  good: {
    rules: `<group name="local,">\n<rule id="100100" level="5"><match>bad</match><description>a</description></rule>\n</group>`,
  },
  check(context, report) {
    const appending = new Set(
      context.rules
        .filter((other) => elementsNamed(other, "group").length > 0)
        .map(({ place }) => place.source),
    );
    const bySource = new Map<SourceText, { readonly id: number; readonly start: number }[]>();
    for (const { rule, place } of context.rules) {
      const known = bySource.get(place.source);
      const one = { id: rule.id, start: place.start };
      if (known === undefined) bySource.set(place.source, [one]);
      else known.push(one);
    }
    for (const [source, ids] of bySource) {
      if (!maybe.test(source.text)) continue;
      ids.sort((one, other) => one.start - other.start);
      let next = 0;
      for (const { end, name } of namedGroups(source, context.loaded.dialect)) {
        while (next < ids.length && (ids[next]?.start ?? 0) < name.start) next++;
        const rule = ids[next];
        if (rule === undefined || rule.start > end) continue;
        const text = textAt(name);
        if (text === "" || /[,\s]$/.test(text) || text.includes("$")) continue;
        report(
          name,
          `the group text "${text}" of rule ${rule.id} ends without a comma`,
          // Where a rule appends its own text the comma would change the group.
          appending.has(source)
            ? {}
            : fixOf("End the group text with a comma.", { place: { ...name, start: name.end }, text: "," }),
        );
      }
    }
  },
};

/** Is there such a text at all? */
const maybe = /<group\s+name=\s*(["'])[^"'<>]*[^"'<>,\s]\1/i;

/** The groups of a file with the place of the text that each gives its rules. */
function namedGroups(
  source: SourceText,
  dialect: Dialect,
): readonly { readonly end: number; readonly name: SourceRange }[] {
  const { entries } = readEntries(source, dialect);
  return entries.flatMap((entry, index) => {
    const name = entries[index + 1];
    if (entry.isAttribute || entry.isVariable || entry.depth !== 0) return [];
    if (name?.isAttribute !== true || name.isVariable) return [];
    if (lowerCase(entry.name) !== "group" || lowerCase(name.name) !== "name") return [];
    // A group that the reader did not find the end of goes on to where it gave up.
    const end = entry.closed ? entry.end : source.text.length;
    return [{ end, name: { source, start: name.valueStart, end: name.valueEnd } }];
  });
}
