import type { Expression } from "../../src/model/expression.js";
import type {
  BlockResponseModel,
  IplogDetectionModel,
  Model,
  NoticeLog,
  ZeekDetectionModel,
} from "../../src/model/model.js";

const span = { file: "perimeter.zopf.ts", line: 1, column: 1 };
const text: Expression = {
  kind: "literal",
  value: "IP suspected of scanning",
  type: { kind: "string" },
  span,
};
const field = (parameter: string, path: readonly string[], kind: "addr" | "port"): Expression => ({
  kind: "field",
  parameter,
  path,
  type: { kind },
  span,
});

/** A detection as the example zeek-ossec-pf has it. */
export function scanDetection(changes: Partial<ZeekDetectionModel> = {}): ZeekDetectionModel {
  return {
    kind: "zeek",
    name: "Port_Scan_S0_Detected",
    note: "Perimeter::Port_Scan_S0_Detected",
    identifier: "port_scan_s0_detected",
    event: "connection_state_remove",
    rows: null,
    where: null,
    ignoreFlipped: true,
    key: [{ type: { kind: "addr" }, expression: field("c", ["id", "orig_h"], "addr") }],
    count: {
      kind: "distinct",
      of: [{ type: { kind: "port" }, expression: field("c", ["id", "resp_p"], "port") }],
    },
    threshold: 5,
    window: { kind: "sliding", seconds: 60 },
    caps: { keys: 100_000, members: 5 },
    message: text,
    source: field("hit", ["key"], "addr"),
    suppress: 300,
    log: null,
    rule: {
      id: 100500,
      level: 6,
      groups: ["zeek", "scan"],
      description: "Zeek: stealth scan (5 ports in state S0)",
    },
    span,
    ...changes,
  };
}

export const dedicatedLog: Extract<NoticeLog, { readonly kind: "dedicated" }> = {
  kind: "dedicated",
  path: "zopf_perimeter",
  filter: "zopf-perimeter",
  file: "/var/log/zeek/current/zopf_perimeter.log",
  key: null,
  source: "src",
};

export const tsvLog: NoticeLog = {
  kind: "notice.log",
  format: "tsv",
  file: "/var/log/zeek/current/notice.log",
};

export const jsonLog: NoticeLog = { ...tsvLog, format: "json" };

export const blockScan: BlockResponseModel = {
  kind: "block",
  when: { kind: "rules", ruleIds: [100500], detections: ["Port_Scan_S0_Detected"] },
  seconds: 600,
  escalate: [],
  prefix: null,
  where: { kind: "sensor" },
  span,
};

/** The bundle of the example zeek-ossec-pf. */
export function perimeter(noticeLog: NoticeLog = dedicatedLog, changes: Partial<Model> = {}): Model {
  return {
    schemaVersion: 1,
    name: "perimeter",
    zeek: {
      module: "Perimeter",
      logs: "/var/log/zeek/current",
      site: "/opt/zeek/share/zeek/site",
      localNets: [],
      tests: false,
      noticeLog,
    },
    ossec: {
      home: "/var/ossec",
      version: "4.3",
      dialect: "ossec",
      installation: "local",
      decoder: "zopf-perimeter",
      command: "perimeter-firewall-drop",
      executable: "perimeter-firewall-drop.sh",
    },
    firewalls: [{ kind: "pf", table: "ossec_fwtable", log: true }],
    neverBlock: [
      { network: "192.0.2.1", name: "gateway" },
      { network: "10.0.0.0/8", name: null },
      { network: "2001:db8::/32", name: "our own" },
    ],
    detections: [scanDetection()],
    lists: [],
    raw: [],
    responses: [blockScan],
    hosts: [],
    host: null,
    ...changes,
  };
}

/** The same for Wazuh. */
export function wazuh(changes: Partial<Model> = {}): Model {
  const { dialect: _dialect, version: _version, ...names } = perimeter().ossec;
  return perimeter(
    { ...dedicatedLog, source: "srcip" },
    {
      ossec: { ...names, dialect: "wazuh", version: "4.14" },
      ...changes,
    },
  );
}

/** A detection as the example ossec-iplog-ipfw has it. */
export const iplogDetection: IplogDetectionModel = {
  kind: "iplog",
  name: "Iplog_Scan",
  log: "/var/log/iplog",
  scans: [
    "port_scan",
    "syn_scan",
    "fin_scan",
    "null_scan",
    "xmas_scan",
    "udp_scan",
    "smurf",
    "ping_flood",
    "traceroute",
    "bogus",
    "frag",
  ],
  expired: false,
  sensor: {
    interfaces: [],
    promiscuous: null,
    user: null,
    group: null,
    pidFile: null,
    scansOnly: false,
    verbose: false,
  },
  ignore: [
    { protocol: "tcp", destinationPort: "80", sourcePort: null, from: null, to: null },
    { protocol: "tcp", destinationPort: "netbios-ssn", sourcePort: null, from: null, to: null },
  ],
  ignoreDns: true,
  foolNmap: false,
  rule: { id: 100600, level: 6, groups: ["syslog", "errors"], description: "iplog scan detect" },
  span,
};

/** The bundle of the example ossec-iplog-ipfw. */
export function sensor(changes: Partial<Model> = {}): Model {
  const base = perimeter();
  return {
    ...base,
    name: "sensor",
    zeek: null,
    ossec: {
      ...base.ossec,
      decoder: "zopf-sensor",
      command: "sensor-firewall-drop",
      executable: "sensor-firewall-drop.sh",
    },
    firewalls: [{ kind: "ipfw", table: "2", numbered: true, rule: 1, log: false }],
    detections: [iplogDetection],
    responses: [
      {
        kind: "block",
        when: { kind: "rules", ruleIds: [100600], detections: ["Iplog_Scan"] },
        seconds: 3600,
        escalate: [],
        prefix: null,
        where: { kind: "sensor" },
        span,
      },
    ],
    ...changes,
  };
}
