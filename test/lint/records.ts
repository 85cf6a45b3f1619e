/** Records of shared/oracle/ossec/config_verdicts.json as files for lint. */
import { type FileKind, fileKind, type InputFile } from "../../src/lint/input.js";
import { type LintResult, lintFiles } from "../../src/lint/lint.js";

export type RecordFile = string | null | { readonly base64: string };

export interface VerdictRecord {
  readonly name: string;
  readonly topic: string;
  readonly files: Readonly<Record<string, RecordFile>>;
  readonly verdict: "ok" | "error" | "hang" | "crash";
  readonly semantic?: { readonly code: string; readonly text: string };
  readonly events?: readonly { readonly line?: string }[];
}

const roots = ["syslog", "firewall", "ids", "web-log", "squid", "windows", "ossec"] as const;

const rulesConfig = roots
  .map(
    (category, index) =>
      `<group name="${category}"><rule id="0${index + 1}" level="0" noalert="1"><category>${category}</category><description>root</description></rule></group>`,
  )
  .join("\n");

const defaults: Readonly<Record<string, string>> = {
  "etc/decoder.xml":
    '<decoder name="zz_dummy"><prematch>zz_never_zz</prematch></decoder>' +
    '<decoder name="zz_dummy_p"><program_name>^zz_never_zz</program_name></decoder>',
  "etc/ossec.conf":
    "<ossec_config><rules><include>rules_config.xml</include><include>local_rules.xml</include></rules>" +
    "<alerts><log_alert_level>1</log_alert_level><email_alert_level>7</email_alert_level></alerts></ossec_config>",
  "rules/local_rules.xml":
    '<group name="none,"><rule id="199999" level="0"><match>zz_never_zz</match><description>x</description></rule></group>',
  "rules/rules_config.xml": rulesConfig,
};

/** The minimal tree with the record's files in place of its own, below `tree/`. */
export function recordFiles(files: VerdictRecord["files"]): readonly InputFile[] {
  const all: Readonly<Record<string, RecordFile>> = { ...defaults, ...files };
  return Object.entries(all).flatMap(([name, content]) => {
    if (content === null) return [];
    const bytes =
      typeof content === "string" ? Buffer.from(content, "utf8") : Buffer.from(content.base64, "base64");
    const path = `tree/${name}`;
    const kind: FileKind | null = fileKind(path, bytes.toString("latin1"), false);
    return kind === null ? [] : [{ path, kind, bytes }];
  });
}

export function lintRecord(record: Pick<VerdictRecord, "files" | "events">, logs: boolean): LintResult {
  const lines = (record.events ?? []).flatMap(({ line }) =>
    line === undefined ? [] : [Buffer.from(line, "utf8").toString("latin1")],
  );
  return lintFiles(recordFiles(record.files), {
    engine: "4.3",
    dialect: "ossec",
    closed: true,
    order: null,
    glob: () => 0,
    homes: ["tree"],
    logs: logs && lines.length > 0 ? [{ file: "lines.log", lines }] : [],
  });
}
