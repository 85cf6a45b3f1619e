import { elementOfSection } from "../conf-sections.js";
import type { LintRule } from "../model.js";

export const logAlertLevel: LintRule = {
  code: "OSSEC-LOG-ALERT-LEVEL",
  trap: "log-alert-level",
  effect: "misread",
  dialects: ["ossec", "wazuh"],
  title: "Alerts that are not written because of log_alert_level",
  why: "An alert is written only if the rule's level reaches log_alert_level, or the rule has the option log_alert. Active responses and counting do not depend on it.",
  instead: "Lower log_alert_level, or give the rules <options>log_alert</options>.",
  reference: "docs/reference/ossec.md#matching-rules (An alert is written if …)",
  bad: {
    rules: `<rule id="100100" level="3"><match>bad</match><description>a</description></rule>`,
    conf: `<alerts><log_alert_level>«7»</log_alert_level></alerts>`,
  },
  good: {
    rules: `<rule id="100100" level="3"><match>bad</match><description>a</description></rule>`,
    conf: `<alerts><log_alert_level>1</log_alert_level></alerts>`,
  },
  check(context, report) {
    const { logAlertLevel } = context.loaded.conf;
    const element = context.sections
      .flatMap((section) =>
        section.name === "alerts" ? (elementOfSection(section, "log_alert_level") ?? []) : [],
      )
      .at(-1);
    const silent = context.rules.filter(
      ({ rule, overwrite }) =>
        !overwrite && rule.level > 0 && !rule.options.log && !rule.noalert && rule.level < logAlertLevel,
    );
    const [first] = silent;
    if (element === undefined || first === undefined) return;
    report(
      element.place,
      `alerts of ${silent.length === 1 ? `rule ${first.rule.id}` : `${silent.length} rules, ${first.rule.id} among them,`} are not written: their level is below ${logAlertLevel}`,
    );
  },
};
