/** What a bundle file imports: `import { Site, defineBundle, pf } from "zopf"`. */
export type { Bundle, BundleSettings, Hosts, Named, OssecSettings, ZeekSettings } from "./dsl/bundle.js";
export { defineBundle } from "./dsl/bundle.js";
export type {
  BurstBase,
  BurstDetection,
  BurstKey,
  LastEventConditions,
  WazuhBurstKey,
} from "./dsl/burst.js";
export type {
  AddressCondition,
  AllConditions,
  Category,
  ComparedText,
  EventConditions,
  LineCondition,
  Moments,
  NotCondition,
  TextCondition,
  Weekday,
} from "./dsl/conditions.js";
export { not } from "./dsl/conditions.js";
export type {
  Caps,
  Count,
  Counting,
  Detection,
  Hit,
  KeyPart,
  NoticeText,
  OwnLog,
  Window,
  ZeekDetection,
  ZeekDetectionOn,
  ZeekSources,
} from "./dsl/detection.js";
export type { Duration, DurationUnit } from "./dsl/duration.js";
export type {
  DryRunFirewall,
  Firewall,
  IpfwFirewall,
  IptablesFirewall,
  NftablesFirewall,
  PfFirewall,
  PfRateLimit,
  PfRedirect,
  RouteNullFirewall,
} from "./dsl/firewall.js";
export { dryRun, ipfw, iptables, nftables, pf, routeNull } from "./dsl/firewall.js";
export type { IplogDetection, IplogIgnore, IplogScan, IplogSensor } from "./dsl/iplog.js";
export type { HostList, ListCondition, ListEntries, ValueList } from "./dsl/list.js";
export { list } from "./dsl/list.js";
export type {
  KnownField,
  LineForm,
  LogField,
  LogLineDetection,
  LogLineDetectionOn,
  LogSample,
} from "./dsl/log.js";
export { logDetection } from "./dsl/log.js";
export type { NamedNetwork, Network, PortText } from "./dsl/network.js";
export type {
  ConditionPattern,
  LogPattern,
  OsMatchPattern,
  OsRegexPattern,
  Pcre2Pattern,
  WazuhRegexPattern,
} from "./dsl/pattern.js";
export { osMatch, osRegex, pcre2, wazuhRegex } from "./dsl/pattern.js";
export type { RawSample, RawXml } from "./dsl/raw.js";
export { raw } from "./dsl/raw.js";
export type {
  BlockPrefix,
  BlockResponse,
  LogResponse,
  NotifyResponse,
  Response,
  SyslogPriority,
  Webhook,
  When,
  Where,
} from "./dsl/response.js";
export type { Level, Rule, RuleInfo, RuleText } from "./dsl/rule.js";
export type { RuleDetection, RuleEffect, RuleParent } from "./dsl/rule-detection.js";
export type {
  DnsEntropy,
  DnsTunnel,
  EchoFlood,
  FtpGuessing,
  HostScan,
  HttpGuessing,
  HttpPaths,
  PacketScan,
  PortScan,
  ScanDetection,
  ScanKind,
  ScanSettings,
  ServiceDetection,
  SmallFragments,
  Smurf,
  SshGuessing,
  SshHammering,
  Traceroute,
  Trap,
  UdpScan,
} from "./dsl/scan.js";
export type { SequenceDetection } from "./dsl/sequence.js";
export type { ServiceKind, ServiceLogDetection } from "./dsl/service.js";
export type { Role, Target, Targets } from "./dsl/targets.js";
export {
  addr,
  byte_length,
  duration,
  entropy,
  get_port_transport_proto,
  interval_to_double,
  is_ascii,
  is_icmp_port,
  is_tcp_port,
  is_udp_port,
  is_v4_addr,
  is_v6_addr,
  last_labels,
  md5_hash,
  network_time,
  port,
  port_to_count,
  sha1_hash,
  subnet,
  subnet_of,
  time_to_double,
  to_lower,
  to_upper,
  uri_path,
  without_last_labels,
} from "./dsl/zeek-functions.js";
export type { ColumnType, DeclaredLog, KnownLog, LogDetection, RowOf } from "./dsl/zeek-log.js";
export { onLog, zeekLog } from "./dsl/zeek-log.js";
export * from "./dsl/zeek-types.js";
