/** What a bundle file imports: `import { Site, defineBundle, pf } from "zopf"`. */
export type { Bundle, OssecSettings, ZeekSettings } from "./dsl/bundle.js";
export { defineBundle } from "./dsl/bundle.js";
export type {
  Caps,
  Count,
  Detection,
  Hit,
  KeyPart,
  NoticeText,
  OwnLog,
  Window,
  ZeekDetection,
  ZeekDetectionOn,
} from "./dsl/detection.js";
export type { Duration, DurationUnit } from "./dsl/duration.js";
export type { Firewall, IpfwFirewall, PfFirewall } from "./dsl/firewall.js";
export { ipfw, pf } from "./dsl/firewall.js";
export type { IplogDetection, IplogIgnore, IplogScan } from "./dsl/iplog.js";
export type { NamedNetwork, Network, PortText } from "./dsl/network.js";
export type { BlockResponse, Response, When } from "./dsl/response.js";
export type { Level, Rule } from "./dsl/rule.js";
export * from "./dsl/zeek-types.js";
