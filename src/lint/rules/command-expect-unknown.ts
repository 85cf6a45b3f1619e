import { elementOfSection } from "../conf-sections.js";
import { rewrite } from "../edits.js";
import type { LintRule } from "../model.js";

export const commandExpectUnknown: LintRule = {
  code: "OSSEC-COMMAND-EXPECT-UNKNOWN",
  effect: "misread",
  title: "A word in expect that the engine does not know",
  why: "user or username, srcip and filename are looked for in the text; other words are ignored.",
  instead: "Write user, srcip or filename, or leave expect empty.",
  reference: "docs/reference/ossec.md#active-response (expect words)",
  bad: {
    rules: `<rule id="100100" level="5"><match>bad</match><description>a</description></rule>`,
    conf: `<command><name>block</name><executable>block.sh</executable><expect>«dstip»</expect></command>\n<active-response><command>block</command><location>local</location><level>5</level></active-response>`,
  },
  fixed: {
    conf: `<command><name>block</name><executable>block.sh</executable><expect></expect></command>\n<active-response><command>block</command><location>local</location><level>5</level></active-response>`,
  },
  good: {
    rules: `<rule id="100100" level="5"><match>bad</match><description>a</description></rule>`,
    conf: `<command><name>block</name><executable>block.sh</executable><expect></expect></command>\n<active-response><command>block</command><location>local</location><level>5</level></active-response>`,
  },
  check(context, report) {
    for (const section of context.sections) {
      const expect = section.name === "command" ? elementOfSection(section, "expect") : undefined;
      const words = expect?.value.split(/[\s,]+/).filter((word) => word !== "") ?? [];
      const known = words.filter((word) => /user|srcip|filename/i.test(word));
      const unknown = words.filter((word) => !known.includes(word));
      if (expect !== undefined && unknown.length > 0)
        report(
          expect.place,
          `expect knows no ${unknown.join(", ")}`,
          rewrite("Keep the words that it knows.", expect.place, expect.value, known.join(", ")),
        );
    }
  },
};
