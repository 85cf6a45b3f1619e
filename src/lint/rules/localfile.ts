import type { LintRule } from "../model.js";

export const localfile: LintRule = {
  code: "OSSEC-LOCALFILE",
  effect: "refused",
  title: "A localfile that logcollector refuses",
  why: "location (or command) and log_format are both needed, the format in exact letter case; a glob must find a file.",
  instead: "Complete the section.",
  reference: "docs/reference/ossec.md#configuration (localfile)",
  bad: { conf: `«<localfile>»<location>/var/log/messages</location></localfile>` },
  good: {
    conf: `<localfile><log_format>syslog</log_format><location>/var/log/messages</location></localfile>`,
  },
};
