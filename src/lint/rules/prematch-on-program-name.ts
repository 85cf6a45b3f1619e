import type { DecoderDefinition } from "../../ossec/definitions.js";
import { lowerCase } from "../../ossec/load/text.js";
import { compilePattern } from "../../ossec/patterns/index.js";
import type { LintContext } from "../context.js";
import type { LintRule } from "../model.js";

export const prematchOnProgramName: LintRule = {
  code: "OSSEC-PREMATCH-ON-PROGRAM-NAME",
  trap: "prematch-on-program-name",
  effect: "dead",
  title: "A prematch that asks for the program name",
  why: "Pre-decoding removes the program name and its [pid] before decoders see the line.",
  instead: "Test the name with <program_name>, and begin the prematch with what stands behind it.",
  reference: "docs/reference/ossec.md#pre-decoding (a prematch that asks for `sshd[` never matches)",
  bad: { decoders: String.raw`<decoder name="app"><prematch>«^sshd[\d+]: »</prematch></decoder>` },
  good: {
    decoders: String.raw`<decoder name="app"><program_name>^sshd$</program_name><prematch>^Failed </prematch></decoder>`,
  },
  check(context, report) {
    const programs = new Set(
      context.loaded.decoders.withProgramName.flatMap(({ decoder: { programName } }) =>
        programName === null ? [] : (programName.text.match(/[A-Za-z][\w.-]*/g) ?? []).map(lowerCase),
      ),
    );
    for (const { decoder } of [
      ...context.loaded.decoders.withProgramName,
      ...context.loaded.decoders.withoutProgramName,
    ]) {
      const { prematch, programName, name } = decoder;
      if (prematch === null) continue;
      if (prematch.language === "pcre2") {
        if (/^\^?[A-Za-z][\w./-]*(?:\\\[|\[\[\])(?:\(?\\d|\[0-9\])/.test(prematch.text))
          report(
            context.written.pattern(prematch)[0],
            `decoder "${name}" asks for the program name, which pre-decoding removes`,
          );
        continue;
      }
      const alternatives = prematch.text.split("|");
      const own =
        programName === null ? [] : (programName.text.match(/[A-Za-z][\w.-]*/g) ?? []).map(lowerCase);
      const asks = (text: string): boolean => {
        if (
          /^\^?[A-Za-z][\w./-]*\\?\[(?:\\[dw][+*]?|$)/.test(text) ||
          /^\^?[A-Za-z][\w./-]*\\?\[(?:\(?\\d)/.test(text)
        )
          return true;
        const word = /^\^([A-Za-z][\w.-]*)(:|\\?\[|$)/.exec(text);
        if (word === null) return false;
        const program = lowerCase(word[1] ?? "");
        if (word[2] === "") return programName === null && wellKnown.has(program);
        return (
          own.includes(program) ||
          (programName === null && (wellKnown.has(program) || programs.has(program)) && word[2] === ":")
        );
      };
      if (!alternatives.every(asks) && !wantedByLines(context, decoder)) continue;
      report(
        context.written.pattern(prematch)[0],
        `decoder "${name}" asks for the program name, which pre-decoding removes`,
      );
    }
  },
};

/** A line whose message does not match while its head, from the program name on, would. */
function wantedByLines(context: LintContext, { prematch, programName }: DecoderDefinition): boolean {
  const lines = context.lines?.events ?? [];
  const compiled =
    prematch === null || programName !== null || lines.length === 0 ? null : compilePattern(prematch);
  if (compiled?.ok !== true) return false;
  const { value } = compiled;
  return lines.some(({ line, log, programName: program, event }) => {
    if (program === null || event.kind === "ignored" || event.decoder !== null || value.test(log))
      return false;
    const at = line.indexOf(program);
    return at >= 0 && value.test(line.slice(at));
  });
}

/** Programs that write to syslog under their own name everywhere. */
const wellKnown: ReadonlySet<string> = new Set([
  "sshd",
  "su",
  "sudo",
  "cron",
  "crond",
  "kernel",
  "systemd",
  "named",
  "dhcpd",
  "ntpd",
  "sendmail",
  "postfix",
  "dovecot",
  "login",
  "ftpd",
  "vsftpd",
  "proftpd",
  "useradd",
  "userdel",
  "passwd",
  "xinetd",
]);
