import type { LintRule } from "../model.js";

export const ifLevelZeroDropped: LintRule = {
  code: "OSSEC-IF-LEVEL-ZERO",
  trap: "if-level-zero-dropped",
  effect: "dead",
  title: "if_level 0 or empty",
  why: "The rule is put into no tree at all: a logged message and nothing else.",
  instead: "Write the level from which on parents are wanted, or take if_level away.",
  reference: "docs/reference/ossec.md#place-in-the-tree (if_level)",
  bad: {
    rules: `<rule id="100100" level="5"><if_level>«0»</if_level><match>bad</match><description>a</description></rule>`,
  },
  good: { rules: `<rule id="100100" level="5"><match>bad</match><description>a</description></rule>` },
};
