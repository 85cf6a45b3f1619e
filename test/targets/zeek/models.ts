import type { Span } from "../../../src/diagnostics/diagnostic.js";
import type { Expression, ZeekType } from "../../../src/model/expression.js";
import type { LogRowsModel, Model, ZeekDetectionModel } from "../../../src/model/model.js";

/** A tiny builder of Expressions and detections, for tests that do not go through the compiler. */

const span: Span = { file: "test.zopf.ts", line: 1, column: 1 };

const simple = (
  kind: "bool" | "count" | "int" | "double" | "string" | "addr" | "port" | "interval" | "time",
) => ({ kind }) as const;

export const bool = simple("bool");
export const count = simple("count");
export const int = simple("int");
export const double = simple("double");
export const string = simple("string");
export const addr = simple("addr");
export const port = simple("port");
export const interval = simple("interval");
export const time = simple("time");

export const field = (type: ZeekType, parameter: string, ...path: string[]): Expression => ({
  kind: "field",
  parameter,
  path,
  type,
  span,
});
export const present = (parameter: string, ...path: string[]): Expression => ({
  kind: "presence",
  parameter,
  path,
  type: bool,
  span,
});
export const literal = (type: ZeekType, value: boolean | number | string): Expression => ({
  kind: "literal",
  value,
  type,
  span,
});
export const binary = (
  operator: "&&" | "||" | "==" | "!in" | "in" | ">",
  left: Expression,
  right: Expression,
): Expression => ({ kind: "binary", operator, left, right, type: bool, span });
export const and = (...parts: Expression[]): Expression =>
  parts.reduce((left, right) => binary("&&", left, right));
export const localNets: Expression = {
  kind: "global",
  name: "Site::local_nets",
  type: { kind: "set", of: [{ kind: "subnet" }] },
  span,
};
/** A message as the compiler makes it of a template: texts and values (`%s`, `%d`) in one `cat`. */
export const message = (format: string, ...values: readonly Expression[]): Expression => ({
  kind: "call",
  function: "cat",
  arguments: format.split(/%[sd]/).flatMap((text, index) => {
    const value = values[index - 1];
    return [...(value === undefined ? [] : [value]), ...(text === "" ? [] : [literal(string, text)])];
  }),
  type: string,
  span,
});
export const conditional = (
  condition: Expression,
  whenTrue: Expression,
  whenFalse: Expression,
): Expression => ({
  kind: "conditional",
  condition,
  whenTrue,
  whenFalse,
  type: whenTrue.type,
  span,
});

export const origH = field(addr, "c", "id", "orig_h");
export const respH = field(addr, "c", "id", "resp_h");
export const respP = field(port, "c", "id", "resp_p");
export const origBytes = conditional(
  and(present("c", "conn"), present("c", "conn", "orig_bytes")),
  field(count, "c", "conn", "orig_bytes"),
  literal(count, 0),
);
export const inS0 = and(
  present("c", "conn"),
  present("c", "conn", "conn_state"),
  binary("==", field(string, "c", "conn", "conn_state"), literal(string, "S0")),
);
export const outside = binary("!in", origH, localNets);

export const hitKey = (type: ZeekType = addr): Expression => field(type, "hit", "key");
export const hitPart = (index: number, type: ZeekType = addr): Expression =>
  field(type, "hit", "key", String(index));
export const hitCount = (type: ZeekType = count): Expression => field(type, "hit", "count");
export const hitTime = field(time, "hit", "time");

/** The detection of the example zeek-ossec-pf, per source, with an exact sliding minute. */
export const portScanS0: ZeekDetectionModel = {
  kind: "zeek",
  name: "Port_Scan_S0_Detected",
  note: "Perimeter::Port_Scan_S0_Detected",
  identifier: "port_scan_s0_detected",
  event: "connection_state_remove",
  rows: null,
  where: and(inS0, outside),
  ignoreFlipped: true,
  key: [{ type: addr, expression: origH }],
  count: { kind: "distinct", of: [{ type: port, expression: respP }] },
  threshold: 5,
  window: { kind: "sliding", seconds: 60 },
  caps: { keys: 100_000, members: 5 },
  message: message(
    "IP %s suspected of scanning: %d distinct ports in S0 state (no response) in less than a minute",
    hitKey(),
    hitCount(),
  ),
  source: hitKey(),
  suppress: 300,
  log: null,
  rule: {
    id: 100500,
    level: 6,
    groups: ["zeek", "scan"],
    description: "Zeek: stealth scan (5 ports in state S0)",
  },
  span,
};

/** The detection of the example zeek-pair-scan, per pair, with a log of its own. */
export const pairScan: ZeekDetectionModel = {
  kind: "zeek",
  name: "Port_Scan_Detected",
  note: "Scanning::Port_Scan_Detected",
  identifier: "port_scan_detected",
  event: "new_connection",
  rows: null,
  where: null,
  ignoreFlipped: true,
  key: [
    { type: addr, expression: origH },
    { type: addr, expression: respH },
  ],
  count: { kind: "distinct", of: [{ type: port, expression: respP }] },
  threshold: 20,
  window: { kind: "fixed", seconds: 300 },
  caps: { keys: 100_000, members: 20 },
  message: message("%s scanned %d ports on %s", hitPart(0), hitCount(), hitPart(1)),
  source: hitPart(0),
  suppress: 300,
  log: {
    path: "port_scan",
    columns: [
      { name: "ts", type: time, expression: hitTime },
      { name: "src", type: addr, expression: hitPart(0) },
      { name: "dst", type: addr, expression: hitPart(1) },
      { name: "port_count", type: count, expression: hitCount() },
    ],
  },
  rule: {
    id: 100510,
    level: 6,
    groups: ["zeek", "scan"],
    description: "Zeek: port scan of one host (20 ports)",
  },
  span,
};

/** Failed logins in ssh.log, per source. */
export const sshRows: ZeekDetectionModel = {
  ...portScanS0,
  name: "Ssh_Failures",
  note: "Rows::Ssh_Failures",
  identifier: "ssh_failures",
  event: "SSH::log_ssh",
  rows: {
    log: "ssh",
    record: "SSH::Info",
    parameter: "rec",
    load: "base/protocols/ssh",
    writtenBy: "worker",
    ports: "tcp",
    after: null,
    connection: "always",
  },
  where: and(
    present("c", "auth_success"),
    binary("==", field(bool, "c", "auth_success"), literal(bool, false)),
    outside,
  ),
  count: { kind: "events" },
  threshold: 3,
  message: message("%s failed %d times", hitKey(), hitCount()),
};

/** Rejected passwords in ftp.log, which has no rows of them unless asked for. */
export const ftpRows: ZeekDetectionModel = {
  ...sshRows,
  name: "Ftp_Failures",
  note: "Rows::Ftp_Failures",
  identifier: "ftp_failures",
  event: "FTP::log_ftp",
  rows: { ...ssh(), log: "ftp", record: "FTP::Info", load: "base/protocols/ftp" },
  where: and(
    present("c", "command"),
    binary("==", field(string, "c", "command"), literal(string, "PASS")),
    present("c", "reply_code"),
    binary("==", field(count, "c", "reply_code"), literal(count, 530)),
  ),
};

/** Different notices about one source; written anywhere, so counted by the manager. */
export const noticeRows: ZeekDetectionModel = {
  ...sshRows,
  name: "Many_Notices",
  note: "Rows::Many_Notices",
  identifier: "many_notices",
  event: "Notice::log_notice",
  rows: {
    ...ssh(),
    log: "notice",
    record: "Notice::Info",
    load: "base/frameworks/notice",
    writtenBy: "any",
    ports: "proto",
    connection: "maybe",
  },
  where: present("c", "src"),
  key: [{ type: addr, expression: field(addr, "c", "src") }],
  count: {
    kind: "distinct",
    of: [
      {
        type: { kind: "enum", name: "Notice::Type" },
        expression: field({ kind: "enum", name: "Notice::Type" }, "c", "note"),
      },
    ],
  },
};

function ssh(): LogRowsModel {
  if (sshRows.rows === null) throw new Error("no rows");
  return sshRows.rows;
}

/** A Model around detections; the module is that of the first one's note. */
export function bundle(name: string, ...detections: ZeekDetectionModel[]): Model {
  const module = detections[0]?.note.split("::")[0] ?? "Empty";
  const path = `zopf_${name.replaceAll("-", "_")}`;
  return {
    schemaVersion: 1,
    name,
    zeek: {
      module,
      logs: "/var/log/zeek/current",
      site: "/opt/zeek/share/zeek/site",
      localNets: [],
      tests: false,
      noticeLog: {
        kind: "dedicated",
        path,
        filter: `zopf-${name}`,
        file: `/var/log/zeek/current/${path}.log`,
        key: null,
        source: "src",
      },
    },
    ossec: {
      home: "/var/ossec",
      version: "4.3",
      dialect: "ossec",
      installation: "local",
      decoder: `zopf-${name}`,
      command: `${name}-firewall-drop`,
      executable: `${name}-firewall-drop.sh`,
    },
    firewalls: [],
    neverBlock: [],
    detections,
    responses: [],
    lists: [],
    raw: [],
    hosts: [],
    host: null,
  };
}
