/** The lines that fail2ban's users annotated (../shared/oracle/service-logs), and which presets look at which. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ServiceKind } from "../../src/dsl/service.js";
import { repository } from "../zeek/helpers.js";

const folder = join(repository, "..", "shared", "oracle", "service-logs", "lines");

/** Whether the lines are here. */
export const haveLines = existsSync(folder);

/** Whose lines each preset is for; a line counts as found where one of them finds it. */
export const filesOf: readonly (readonly [file: string, presets: readonly ServiceKind[]])[] = [
  ["sshd", ["sshd", "sshd-probes", "pam"]],
  ["pam-generic", ["pam"]],
  ["nginx-http-auth", ["nginx-auth", "nginx-tls"]],
  ["nginx-bad-request", ["web-bad-request"]],
  ["nginx-botsearch", ["web-probes"]],
  ["apache-auth", ["apache-auth"]],
  ["apache-botsearch", ["web-probes"]],
  ["apache-noscript", ["web-scripts"]],
  ["apache-overflows", ["apache-attacks"]],
  ["apache-shellshock", ["apache-attacks"]],
  ["apache-modsecurity", ["apache-attacks"]],
  ["phpmyadmin-syslog", ["phpmyadmin"]],
  ["roundcube-auth", ["roundcube"]],
  ["postfix", ["postfix-sasl", "postfix-reject"]],
  ["dovecot", ["dovecot"]],
  ["exim", ["exim"]],
  ["vsftpd", ["vsftpd"]],
  ["named-refused", ["named", "named-queries"]],
  ["mysqld-auth", ["mysqld"]],
  ["recidive", ["recidive"]],
];

export interface AnnotatedLine {
  readonly line: string;
  readonly match: boolean;
  readonly host: string | null;
  /** In which modes of fail2ban's filter it holds, as written; "" in all. */
  readonly modes: string;
  readonly about: string;
}

function textOf(value: unknown): string | null {
  return typeof value === "string" ? value : null;
}

/** The lines of a service that are judged. */
export function annotatedLines(file: string): readonly AnnotatedLine[] {
  const lines: AnnotatedLine[] = [];
  let modes = "";
  let mark: ReadonlyMap<string, unknown> | null = null;
  for (const line of readFileSync(join(folder, file), "utf8").split("\n")) {
    const options = /^#\s*filterOptions:\s*(.*)$/.exec(line);
    const judged = /^#\s*failJSON:\s*(.*)$/.exec(line);
    if (options !== null) modes = options[1] ?? "";
    else if (judged !== null) mark = new Map(Object.entries(JSON.parse(judged[1] ?? "{}")));
    else if (line !== "" && !/^\s*#/.test(line)) {
      if (mark !== null)
        lines.push({
          line,
          match: mark.get("match") === true,
          host: textOf(mark.get("host")),
          modes,
          about: textOf(mark.get("desc")) ?? "",
        });
      mark = null;
    }
  }
  return lines;
}

/** Why a preset may leave a line out that fail2ban takes. */
export type Reason =
  | "name"
  | "no address"
  | "no date"
  | "forgeable"
  | "several lines"
  | "not a guesser"
  | "own limits";

export const reasonTexts: Readonly<Record<Reason, string>> = {
  name: "the client is logged by a name, and nobody can be blocked by one",
  "no address": "the line does not hold the address: fail2ban knows it from an earlier line",
  "no date":
    "OSSEC reads no date and no program in this form (journal's short form, RFC 5424, multilog, one blank before a day of one digit)",
  forgeable: "whoever writes another part of the line could choose the address",
  "several lines": "fail2ban judges by several lines together; the preset counts another one of them",
  "not a guesser":
    "a broken connection, a failed lookup or another client's fault: fail2ban's mode `aggressive` or `ddos`",
  "own limits": "mod_evasive has limits of its own",
};

/** Forms of which OSSEC reads no date, or no program. */
const withoutDate =
  /^(?:[A-Z][a-z]{2} \d \d|[A-Z][a-z]{2} +\d+ [\d:]{8} (?:\[sshd\]|sshd\[)|[\w.-]+ [\w.-]+\[\d+\]: |<\d+>\d |@4000|\d{4}-\d\d-\d\dT[\d:]+\.\d{6} [\w.-]+ \w+\[)/;

/** The reason, by what the line shows; null: none. */
export function reasonOf(file: string, { line, host, modes, about }: AnnotatedLine): Reason | null {
  if (host === null || !/^[0-9a-f.:]+$/i.test(host)) return host === null ? "no address" : "name";
  if (!line.includes(host)) return "no address";
  if (withoutDate.test(line)) return "no date";
  if (/inject|suckers/i.test(about) || (file === "roundcube-auth" && / from .* from /.test(line)))
    return "forgeable";
  if (/client user "/.test(line)) return "forgeable";
  if (/evasive/.test(line)) return "own limits";
  if (file === "sshd" && /^.*(?:Accepted|Disconnecting|Connection closed|pam_unix)/.test(line))
    return "several lines";
  if (/aggressive|ddos|extra/.test(modes)) return "not a guesser";
  if (/forgeable|GHSA/.test(about)) return "forgeable";
  return null;
}
