import type { SourceRange } from "../../ossec/xml/source.js";
import { fixOf, removal, rewrite } from "../edits.js";
import type { LintRule } from "../model.js";

export const repeatedOffendersIgnored: LintRule = {
  code: "OSSEC-REPEATED-OFFENDERS-IGNORED",
  effect: "misread",
  dialects: ["ossec", "wazuh"],
  title: "repeated_offenders that is not read",
  why: "execd looks for it in the first <active-response> of each <ossec_config> alone, takes the first that it finds, and of that five numbers.",
  instead: "Write it once, in the first active response, with at most five minutes.",
  reference: "docs/reference/ossec.md#active-response (repeated_offenders)",
  bad: {
    rules: `<rule id="100100" level="5"><match>bad</match><description>a</description></rule>`,
    conf: `<command><name>block</name><executable>block.sh</executable><expect></expect></command>\n<active-response><command>block</command><location>local</location><level>5</level><repeated_offenders>«10,20,30,40,50,60»</repeated_offenders></active-response>`,
  },
  fixed: {
    conf: `<command><name>block</name><executable>block.sh</executable><expect></expect></command>\n<active-response><command>block</command><location>local</location><level>5</level><repeated_offenders>10,20,30,40,50</repeated_offenders></active-response>`,
  },
  good: {
    rules: `<rule id="100100" level="5"><match>bad</match><description>a</description></rule>`,
    conf: `<command><name>block</name><executable>block.sh</executable><expect></expect></command>\n<active-response><command>block</command><location>local</location><level>5</level><repeated_offenders>10,20,30</repeated_offenders></active-response>`,
  },
  check(context, report) {
    const all = context.sections.flatMap((section) =>
      section.name === "active-response"
        ? section.elements
            .filter(({ name }) => name === "repeated_offenders")
            .map((element) => ({ ...element, isRead: section.isFirst }))
        : [],
    );
    const first = all.find(({ isRead }) => isRead);
    for (const element of all) {
      const { value, place, opening, isRead } = element;
      if (element !== first) {
        report(
          place,
          isRead
            ? "only the first repeated_offenders of the file counts"
            : "execd reads the first <active-response> of an <ossec_config> alone, and this is another one",
          fixOf("Take the ignored element away.", removal(elementAround(place, opening))),
        );
      } else if (value.split(",").length > 5) {
        report(
          place,
          "only the first five numbers count",
          rewrite("Keep the five that count.", place, value, value.split(",").slice(0, 5).join(",")),
        );
      }
    }
  },
};

/** From the opening tag to behind the closing one. */
function elementAround(content: SourceRange, opening: SourceRange): SourceRange {
  const { text } = content.source;
  const end = content.start < opening.end ? opening.end : text.indexOf(">", content.end) + 1;
  return { ...opening, end };
}
