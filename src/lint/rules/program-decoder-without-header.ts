import type { LineEvent } from "../lines.js";
import type { LintRule } from "../model.js";

export const programDecoderWithoutHeader: LintRule = {
  code: "OSSEC-PROGRAM-DECODER-WITHOUT-HEADER",
  trap: "program-decoder-without-header",
  effect: "dead",
  needsLogs: true,
  title: "A decoder with program_name for lines without a syslog header",
  why: "Without a date and a host in front, pre-decoding finds no program name, and decoders with program_name are not tried.",
  instead: "Let the lines be written through syslog, or write a decoder with a prematch.",
  reference: "docs/reference/ossec.md#pre-decoding, #decoder-selection (two lists)",
  bad: {
    decoders: `<decoder name="app"><program_name>^app$</program_name></decoder>`,
    logs: ["«app: hello»"],
  },
  good: {
    decoders: `<decoder name="app"><program_name>^app$</program_name></decoder>`,
    logs: ["Dec 29 10:00:01 host app: hello"],
  },
  check(context, report) {
    const decoders = context.loaded.decoders.withProgramName.flatMap(({ decoder }) => {
      const program =
        decoder.programName === null ? null : context.loaded.dialect.compilePattern(decoder.programName);
      const prematch =
        decoder.prematch === null ? null : context.loaded.dialect.compilePattern(decoder.prematch);
      if (program?.ok !== true || prematch?.ok === false) return [];
      return [{ name: decoder.name, program: program.value, prematch: prematch?.value ?? null }];
    });
    const found = new Map<string, { readonly first: LineEvent; count: number }>();
    for (const line of context.lines?.events ?? []) {
      const { log, programName, event } = line;
      if (programName !== null || event.kind === "ignored" || event.decoder !== null) continue;
      const word = /^([A-Za-z0-9()@/_.-]+)(?:\[\d+\])?: /.exec(log);
      // A header that is nearly there is reported as such.
      if (word === null || startsWithDate.test(line.line)) continue;
      const rest = log.slice(word[0].length);
      const taker = decoders.find(
        ({ program, prematch }) => program.test(word[1] ?? "") && (prematch?.test(rest) ?? true),
      );
      if (taker === undefined) continue;
      const known = found.get(taker.name);
      if (known === undefined) found.set(taker.name, { first: line, count: 1 });
      else known.count += 1;
    }
    for (const [name, { first, count }] of found) {
      const { source, start, end } = first;
      report(
        { source, start, end },
        `decoder "${name}" is not tried for lines without a syslog header${count > 1 ? ` (${count} such lines)` : ""}`,
      );
    }
  },
};

const startsWithDate = /^[A-Z][a-z]{2} [ \d]?\d \d\d:\d\d/;
