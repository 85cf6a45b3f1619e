/** `<localfile>`, read by logcollector (docs/reference/ossec.md#configuration). */
import type { OssecProgram } from "../definitions.js";
import type { XmlElement } from "../xml/document.js";
import { codes } from "./codes.js";
import { type ConfContext, unknownElement, wrongValue } from "./conf-reading.js";
import { isDigits, lowerCase } from "./text.js";

const programs: readonly OssecProgram[] = ["logcollector"];

const formats: ReadonlySet<string> = new Set([
  "syslog",
  "generic",
  "snort-full",
  "snort-fast",
  "apache",
  "iis",
  "squid",
  "nmapg",
  "mysql_log",
  "ossecalert",
  "mssql_log",
  "postgresql_log",
  "djb-multilog",
  "syslog-pipe",
  "command",
  "full_command",
  "audit",
  "modsec-audit",
  "journald",
  "multi-line_indented",
  "eventlog",
  "eventchannel",
]);

const multiLine = /^multi-line *: *[0-9]* *$/;

export function readLocalfile(context: ConfContext, section: XmlElement): void {
  const { problems, conf } = context;
  let location: string | null = null;
  let command: string | null = null;
  let format: string | null = null;
  for (const element of section.children) {
    const { value } = element;
    switch (element.name) {
      case "only-future-events":
      case "query":
        break;
      case "command":
        command = value;
        break;
      case "frequency":
        if (value !== "hourly" && value !== "daily" && !isDigits(value)) {
          wrongValue(context, element, programs, "a number, hourly or daily");
        }
        break;
      case "location":
        location = value;
        checkGlob(context, element);
        break;
      default: {
        const name = lowerCase(element.name);
        if (name === "log_format") {
          format = value;
          if (!formats.has(value) && !multiLine.test(value)) {
            wrongValue(context, element, programs, "one of the formats that logcollector reads");
          }
        } else if (name !== "alias") unknownElement(context, element, "localfile", programs);
      }
    }
  }
  const place = section.opening;
  if (format === null) {
    problems.report(codes.localfile, place, "this localfile has no log_format", {
      programs,
      engineMessage: 1904,
    });
  } else if (location === null && command === null) {
    problems.report(codes.localfile, place, "this localfile has no location", {
      programs,
      engineMessage: 1902,
    });
  } else if ((format === "command" || format === "full_command") && command === null) {
    problems.report(
      codes.localfile,
      place,
      `log_format ${format} needs a <command>: this localfile is ignored`,
      {
        programs,
        outcome: "warning",
      },
    );
  }
  conf.localfiles.push({
    location,
    command,
    format,
    place,
    elements: section.children,
  });
}

/** A glob without files stops logcollector only in the first localfile; later it is reported and kept. */
function checkGlob(context: ConfContext, element: XmlElement): void {
  if (!/[*?[]/.test(element.value) || context.host.glob(element.value) !== 0) return;
  context.problems.report(codes.localfile, element.content, "no file matches this pattern", {
    programs,
    outcome: context.conf.localfiles.length === 0 ? "error" : "warning",
  });
}
