import type { SourceText } from "../../ossec/xml/source.js";
import { elementsNamed } from "../elements.js";
import type { LintRule } from "../model.js";

export const groupTrailingComma: LintRule = {
  code: "OSSEC-GROUP-TRAILING-COMMA",
  effect: "style",
  dialects: ["ossec", "wazuh"],
  title: "A group text without a comma at its end",
  why: "What is appended later, a rule's own group, grows together with the last name.",
  instead: "End every group text with a comma.",
  reference: "spec/ossec.md 6.4",
  bad: {
    rules: `<group name="«local»">\n<rule id="100100" level="5"><match>bad</match><description>a</description></rule>\n</group>`,
  },
  fixed: { rules: `<rule id="100100" level="5"><match>bad</match><description>a</description></rule>` },
  good: {
    rules: `<group name="local,">\n<rule id="100100" level="5"><match>bad</match><description>a</description></rule>\n</group>`,
  },
  check(context, report) {
    const counted = new Map<string, boolean>();
    const appending = new Set(
      context.rules
        .filter((other) => elementsNamed(other, "group").length > 0)
        .map(({ place }) => place.source),
    );
    // Rules come in the order of their places, so each group is looked for once.
    const groups = new Map<SourceText, { open: number; next: number }>();
    for (const written of context.rules) {
      const { rule } = written;
      const { source, start } = written.place;
      let group = groups.get(source);
      if (group === undefined || start < group.open) {
        group = { open: -1, next: source.text.indexOf("<group") };
        groups.set(source, group);
      }
      while (group.next >= 0 && group.next < start) {
        group.open = group.next;
        group.next = source.text.indexOf("<group", group.next + 1);
      }
      const { open } = group;
      const found =
        open < 0
          ? null
          : /^(<group\s+name=\s*)(["'])([^"'<>]*)\2\s*>/i.exec(source.text.slice(open, open + 2048));
      if (found === null) continue;
      const name = found[3] ?? "";
      const key = `${source.file}\n${open}`;
      if (counted.has(key) || name === "" || /[,\s]$/.test(name) || name.includes("$")) continue;
      counted.set(key, true);
      const at = open + (found[1] ?? "").length + 1;
      const place = { source, start: at, end: at + name.length };
      // Where a rule appends its own text the comma would change the group.
      const appended = appending.has(source);
      const fix = appended
        ? {}
        : {
            fix: {
              title: "End the group text with a comma.",
              edits: [{ place: { source, start: place.end, end: place.end }, text: "," }],
            },
          };
      report(place, `the group text "${name}" of rule ${rule.id} ends without a comma`, fix);
    }
  },
};
