import type { LineEvent } from "../lines.js";
import type { LintRule } from "../model.js";

const month = "(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)";
const clock = String.raw`\d\d:\d\d:\d\d`;
const date = `${month} [ \\d]\\d ${clock}`;
const program = String.raw`[A-Za-z][\w./-]*(?:\[\d+\])?:`;

/** Headers that look like syslog's, and what is in the way; the first that fits counts. */
const forms: readonly { readonly form: RegExp; readonly what: string; readonly help: string }[] = [
  {
    form: new RegExp(`^${month} \\d ${clock} \\S+ ${program}`),
    what: "the day of the month stands behind one blank, where two belong",
    help: "Let the day be padded with a blank (strftime %e), as syslog does.",
  },
  {
    form: new RegExp(`^${date}[.,]\\d+ \\S+ ${program}`),
    what: "the time has a fraction of a second",
    help: "Let the writer leave the fraction away (rsyslog: template RSYSLOG_TraditionalFileFormat).",
  },
  {
    form: new RegExp(`^${date} (?:[+-]\\d{2}:?\\d{2}|UTC|GMT|[A-Z]{2,4}T) \\S+ ${program}`),
    what: "a time zone stands behind the time",
    help: "Let the writer leave the zone away, or write an RFC 3339 date with its offset.",
  },
  {
    form: new RegExp(`^${date} (?:19|20)\\d\\d:? \\S+ ${program}`),
    what: "the year stands behind the time and is taken for the host name",
    help: "Let the writer leave the year away, or put it in front (2025 Dec 29 10:00:01).",
  },
  {
    form: new RegExp(`^(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? ${date} (?:\\d{4} )?\\S+ ${program}`),
    what: "a weekday stands before the date",
    help: "Let the writer leave the weekday away.",
  },
  {
    form: new RegExp(`^${month} [ \\d]\\d (?:19|20)\\d\\d,? ${clock} \\S+ ${program}`),
    what: "the year stands between the day and the time",
    help: "Let the writer put the year in front: 2025 Dec 29 10:00:01.",
  },
  {
    form: new RegExp(`^\\d{4}[-/]\\d\\d[-/]\\d\\d[ T]${clock}(?:[.,]\\d+)?(?: ?[+-]\\d{4})? \\S+ ${program}`),
    what: "the date is not in a form that is pre-decoded",
    help: "Let the writer use Dec 29 10:00:01, or 2025-12-29T10:00:01+01:00 with the colon in its offset.",
  },
  {
    form: new RegExp(`^${date} \\[[^\\]]+\\] ${program}`),
    what: "the host name stands in brackets",
    help: "Let the writer leave the brackets away.",
  },
  {
    form: new RegExp(`^${date} \\S+ ${program}\\S`),
    what: "no blank stands behind the colon of the program name",
    help: "Let the writer put a blank behind the colon (rsyslog: %msg:::sp-if-no-1st-sp%%msg%).",
  },
  {
    form: new RegExp(`^${date} [A-Za-z][\\w./-]*\\[\\d+\\]: `),
    what: "there is no host name before the program name",
    help: "Let the writer put a host name there.",
  },
];

export const headerLosesProgram: LintRule = {
  code: "OSSEC-HEADER-LOSES-PROGRAM",
  effect: "dead",
  needsLogs: true,
  title: "Lines whose header is nearly syslog's, so that the program name is lost",
  why: "Pre-decoding goes by fixed positions and few characters. Where the header differs no program name is found: decoders with program_name are not tried, and those without see a text that begins in the middle of the header.",
  instead: "Let the lines be written with a plain header: Dec 29 10:00:01 host app[1]: text.",
  reference: "docs/reference/ossec.md#pre-decoding (1. to 3.)",
  bad: {
    decoders: `<decoder name="app"><program_name>^app$</program_name></decoder>`,
    logs: ["«Dec 29 10:00:01 2025 host app[1]: hello»"],
  },
  good: {
    decoders: `<decoder name="app"><program_name>^app$</program_name></decoder>`,
    logs: ["Dec 29 10:00:01 host app[1]: hello"],
  },
  check(context, report) {
    const found = new Map<string, { readonly first: LineEvent; count: number; readonly help: string }>();
    for (const line of context.lines?.events ?? []) {
      if (line.programName !== null) continue;
      const form = forms.find((one) => one.form.test(line.line));
      if (form === undefined) continue;
      const known = found.get(form.what);
      if (known === undefined) found.set(form.what, { first: line, count: 1, help: form.help });
      else known.count += 1;
    }
    for (const [what, { first, count, help }] of found) {
      const { source, start, end } = first;
      report(
        { source, start, end },
        `no program name is found in ${count === 1 ? "this line" : `${count} such lines`}: ${what}`,
        { help },
      );
    }
  },
};
