/** The minimal tree of shared/oracle/ossec/README.md, with a record's files in place of its own. */
import type { OssecSource } from "../../../src/ossec/load/index.js";

export type RecordFile = string | null | { readonly base64: string };

const roots = ["syslog", "firewall", "ids", "web-log", "squid", "windows", "ossec"] as const;

/** The category roots as the stock rules_config.xml has them, but for their descriptions. */
export const rulesConfig = roots
  .map(
    (category, index) =>
      `<group name="${category}"><rule id="0${index + 1}" level="0" noalert="1"><category>${category}</category><description>root</description></rule></group>`,
  )
  .join("\n");

const defaults: Readonly<Record<string, string>> = {
  "rules/rules_config.xml": rulesConfig,
  "rules/local_rules.xml":
    '<group name="none,"><rule id="199999" level="0"><match>zz_never_zz</match><description>x</description></rule></group>',
  "etc/decoder.xml":
    '<decoder name="zz_dummy"><prematch>zz_never_zz</prematch></decoder>' +
    '<decoder name="zz_dummy_p"><program_name>^zz_never_zz</program_name></decoder>',
  "etc/ossec.conf":
    "<ossec_config><rules><include>rules_config.xml</include><include>local_rules.xml</include></rules>" +
    "<alerts><log_alert_level>1</log_alert_level><email_alert_level>7</email_alert_level></alerts></ossec_config>",
};

export function minimalTree(files: Readonly<Record<string, RecordFile>>): OssecSource {
  const all: Readonly<Record<string, RecordFile>> = { ...defaults, ...files };
  return {
    read(path) {
      const content = all[path];
      if (content === undefined || content === null) return null;
      return typeof content === "string"
        ? Buffer.from(content, "utf8")
        : Buffer.from(content.base64, "base64");
    },
    list(path) {
      const names = Object.keys(all)
        .filter((name) => name.startsWith(`${path}/`))
        .map((name) => name.slice(path.length + 1));
      return names.length > 0 ? names : null;
    },
    glob: () => 0,
  };
}
