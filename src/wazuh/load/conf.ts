/** What ossec.conf of Wazuh 4 holds (docs/reference/wazuh.md#configuration-of-wazuh). */
import type { ConfDialect, SectionReader } from "../../ossec/dialect.js";
import { globalElements, readAlerts, readGlobal } from "../../ossec/load/conf-global.js";
import type { ConfContext } from "../../ossec/load/conf-reading.js";
import type { XmlElement } from "../../ossec/xml/document.js";
import { parseWazuhAddressEntry } from "../addresses.js";
import { readRuleset } from "./ruleset.js";

/** `10m`: seconds of a time with a unit; null: not one. */
function seconds(text: string): number | null {
  const units = { s: 1, m: 60, h: 3600, d: 86400, w: 604800 } as const;
  const match = /^(\d+)([smhdw]?)$/.exec(text);
  if (match === null) return null;
  const unit = match[2];
  const factor =
    unit === "s" || unit === "m" || unit === "h" || unit === "d" || unit === "w" ? units[unit] : 1;
  return Number(match[1]) * factor;
}

/** `10K`: bytes of a size with a unit; null: not one. */
function bytes(text: string): number | null {
  const match = /^(\d+)([bkmg]?)$/i.exec(text);
  if (match === null) return null;
  return Number(match[1]) * 1024 ** Math.max(0, "bkmg".indexOf((match[2] ?? "").toLowerCase()));
}

const isWithin = (value: number | null, least: number, most: number): boolean =>
  value !== null && (value === 0 || (value >= least && value <= most));

/** `<limits><eps><maximum>…`: elements below elements, with numbers. */
function areLimits({ children }: XmlElement): boolean {
  return children.every(
    ({ name, children: numbers }) =>
      name === "eps" &&
      numbers.every(
        ({ name: limit, value }) => (limit === "maximum" || limit === "timeframe") && /^\d+$/.test(value),
      ),
  );
}

const global = globalElements([
  ["white list", ["white_list"]],
  [
    "yes or no",
    [
      "email_notification",
      "prelude_output",
      "zeromq_output",
      "jsonout_output",
      "alerts_log",
      "logall",
      "logall_json",
      "update_check",
    ],
  ],
  ["digits", ["prelude_log_level", "integrity_checking", "rootkit_detection", "host_information", "stats"]],
  ["memory size", ["memory_size"]],
  ["mail address", ["email_to"]],
  [
    "text",
    [
      "custom_alert_output",
      "prelude_profile",
      "zeromq_uri",
      "zeromq_server_cert",
      "zeromq_client_cert",
      "compress_alerts",
      "email_from",
      "email_reply_to",
      "email_idsname",
      "email_log_source",
      "smtp_server",
      "helo_server",
      "email_maxperhour",
      "cti-url",
    ],
  ],
  [
    {
      check: ({ value }) => isWithin(seconds(value), 600, 86400),
      expected: "0 or a time from 10 minutes to a day",
    },
    ["rotate_interval"],
  ],
  [
    {
      check: ({ value }) => isWithin(bytes(value), 1_000_000, 2 ** 40),
      expected: "0 or a size from 1 MB to 1 TB",
    },
    ["max_output_size"],
  ],
  [
    { check: ({ value }) => /^[ \t]*\+?0*[1-9]\d*$/.test(value), expected: "a number from 1 on" },
    ["queue_size"],
  ],
  [
    { check: ({ value }) => (seconds(value) ?? 0) > 0, expected: "a time such as 10m" },
    ["agents_disconnection_time"],
  ],
  [
    { check: ({ value }) => seconds(value) !== null, expected: "a time such as 10m" },
    ["agents_disconnection_alert_time"],
  ],
  [{ check: areLimits, expected: "<eps> with <maximum> and <timeframe>" }, ["limits"]],
]);

/** What is read as an address, right or wrong; all else, IPv6 too, is a host text. */
const looksLikeAddress =
  /^!?[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\/?([0-9]{0,2}|[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3})$/;

/** logcollector's: it has many more elements, which are left to it. */
function readLocalfile({ conf }: ConfContext, section: XmlElement): void {
  const lastOf = (name: string): string | null =>
    section.children.findLast((element) => element.name === name)?.value ?? null;
  conf.localfiles.push({
    location: lastOf("location"),
    command: lastOf("command"),
    format: lastOf("log_format"),
    place: section.opening,
    elements: section.children,
  });
}

export const wazuhConf: ConfDialect = {
  sections: new Map<string, SectionReader>([
    ["global", readGlobal],
    ["ruleset", readRuleset],
    ["alerts", readAlerts],
    ["localfile", readLocalfile],
  ]),
  otherSections: new Set([
    "syscheck",
    "rootcheck",
    "email_alerts",
    "database_output",
    "syslog_output",
    "agentless",
    "remote",
    "client",
    "client_buffer",
    "anti_tampering",
    "reports",
    "integration",
    "wodle",
    "labels",
    "auth",
    "logging",
    "cluster",
    "socket",
    "sca",
    "vulnerability-detection",
    "vulnerability-detector",
    "indexer",
    "gcp-pubsub",
    "gcp-bucket",
    "github",
    "office365",
    "ms-graph",
    "fluent-forward",
    "agent-upgrade",
    "agent-key-polling",
    "task-manager",
    "rule_test",
  ]),
  otherRoots: new Set(["agent_config"]),
  global,
  whiteListEntry(text) {
    if (!looksLikeAddress.test(text)) return "text";
    return parseWazuhAddressEntry(text) ?? "refused";
  },
  expect: "ignored",
  commandElements: new Set(["extra_args"]),
  responseElements: new Set(["ca_store"]),
  timeoutNotAllowed: "dropped",
  agentZero: "left-out",
  levelAndGroup: "both",
};
