import type { LintRule } from "../model.js";

export const commandUnused: LintRule = {
  code: "OSSEC-COMMAND-UNUSED",
  effect: "style",
  title: "A command that no active response uses",
  why: "Nothing starts it: the response that was meant to use it is missing, or names another command.",
  instead: "Take it out, or add the <active-response>.",
  reference: "docs/reference/ossec.md#active-response",
  bad: { conf: `«<command>»<name>block</name><executable>block.sh</executable><expect></expect></command>` },
  good: {
    rules: `<rule id="100100" level="5"><match>bad</match><description>a</description></rule>`,
    conf: `<command><name>block</name><executable>block.sh</executable><expect></expect></command>\n<active-response><command>block</command><location>local</location><level>5</level></active-response>`,
  },
  check(context, report) {
    const used = new Set(
      context.sections.flatMap((section) =>
        section.name === "active-response"
          ? section.elements.filter(({ name }) => name === "command").map(({ value }) => value)
          : [],
      ),
    );
    for (const [index, { name }] of context.loaded.conf.commands.entries()) {
      const place = context.written.commands[index];
      if (place !== undefined && !used.has(name)) report(place, `no active response uses command "${name}"`);
    }
  },
};
