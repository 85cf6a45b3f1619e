/** What ossec.conf of OSSEC's versions holds (docs/reference/ossec.md#configuration). */
import { parseAddressEntry } from "../addresses/address.js";
import type { ConfDialect, SectionReader } from "../dialect.js";
import type { XmlElement } from "../xml/document.js";
import { type GlobalValue, globalElements, readAlerts, readGlobal } from "./conf-global.js";
import { readLocalfile } from "./conf-localfile.js";
import { type ConfContext, wrongValue } from "./conf-reading.js";
import { readRulesSection } from "./conf-rules.js";
import { engines } from "./problems.js";

/** The analysis engine looks for two switches here and at nothing else. */
function readSyscheck(context: ConfContext, section: XmlElement): void {
  for (const element of section.children) {
    if (element.name !== "auto_ignore" && element.name !== "alert_new_files") continue;
    if (element.value !== "yes" && element.value !== "no") wrongValue(context, element, engines, "yes or no");
  }
}

const global: readonly (readonly [GlobalValue, readonly string[]])[] = [
  ["white list", ["white_list", "allow_list"]],
  ["yes or no", ["email_notification", "prelude_output", "zeromq_output", "jsonout_output", "logall"]],
  ["digits", ["prelude_log_level", "integrity_checking", "rootkit_detection", "host_information", "stats"]],
  ["memory size", ["memory_size"]],
  ["mail address", ["email_to"]],
  [
    "text",
    [
      "custom_alert_output",
      "geoipdb",
      "prelude_profile",
      "zeromq_uri",
      "zeromq_server_cert",
      "zeromq_client_cert",
      "compress_alerts",
      "email_from",
      "email_reply_to",
      "email_idsname",
      "smtp_server",
      "helo_server",
      "email_maxperhour",
    ],
  ],
];

/** What 3.7 and 3.8 take for an address, right or wrong. */
const looksLikeAddress =
  /^[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\/?([0-9]{0,2}|[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3})$/;

const none: ReadonlySet<string> = new Set();

const earlier: ConfDialect = {
  sections: new Map<string, SectionReader>([
    ["global", readGlobal],
    ["rules", readRulesSection],
    ["alerts", readAlerts],
    ["localfile", readLocalfile],
    ["syscheck", readSyscheck],
  ]),
  otherSections: new Set([
    "rootcheck",
    "email_alerts",
    "database_output",
    "syslog_output",
    "agentless",
    "remote",
    "client",
    "reports",
  ]),
  otherRoots: none,
  global: globalElements(global),
  whiteListEntry: (text) => parseAddressEntry(text) ?? (looksLikeAddress.test(text) ? "refused" : "text"),
  expect: "anywhere",
  commandElements: none,
  responseElements: none,
  timeoutNotAllowed: "refused",
  agentZero: "kept",
  levelAndGroup: "either",
};

const latest: ConfDialect = {
  ...earlier,
  global: globalElements([
    ...global,
    ["yes or no", ["logall_json", "auth_smtp", "secure_smtp", "smtp_tls_verify"]],
    ["digits", ["smtp_port"]],
    ["text", ["smtp_user", "smtp_password"]],
  ]),
  whiteListEntry: (text) => parseAddressEntry(text) ?? "text",
  expect: "whole words",
};

export const ossecConf = { earlier, latest } as const;
