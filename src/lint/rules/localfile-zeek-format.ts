import { lowerCase } from "../../ossec/load/text.js";
import type { LintRule } from "../model.js";

export const localfileZeekFormat: LintRule = {
  code: "OSSEC-LOCALFILE-ZEEK-FORMAT",
  effect: "dead",
  title: "A log of Zeek with another format than syslog",
  why: "Zeek rotates its logs every hour, and the engine follows the new file only for line formats; a Zeek log is lines of text.",
  instead: "Write <log_format>syslog</log_format>.",
  reference: "docs/reference/ossec.md#configuration (localfile)",
  bad: {
    conf: `<localfile><log_format>«snort-full»</log_format><location>/var/log/zeek/current/notice.log</location></localfile>`,
  },
  good: {
    conf: `<localfile><log_format>syslog</log_format><location>/var/log/zeek/current/notice.log</location></localfile>`,
  },
  check(context, report) {
    for (const { location, format, elements } of context.loaded.conf.localfiles) {
      if (location === null || format === null || !/\/(?:zeek|bro)\//i.test(location)) continue;
      if (["syslog", "generic"].includes(format)) continue;
      const element = elements.find(({ name }) => lowerCase(name) === "log_format");
      if (element !== undefined) report(element.content, `a log of Zeek is not read as ${format}`);
    }
  },
};
