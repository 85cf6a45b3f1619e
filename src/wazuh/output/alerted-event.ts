import type { AnalysedEvent } from "../../ossec/engine/event.js";

/** What Wazuh's outputs show of an event. */
export type AlertedEvent = Pick<
  AnalysedEvent,
  | "time"
  | "fullLog"
  | "hostname"
  | "programName"
  | "date"
  | "agentId"
  | "location"
  | "decoder"
  | "decoderParent"
  | "ftsComment"
  | "accumulated"
  | "fields"
  | "dynamicFields"
  | "srcip"
  | "srcport"
  | "dstip"
  | "dstport"
  | "dstuser"
  | "rule"
  | "description"
  | "firedTimes"
  | "lastEvents"
  | "previousLog"
>;
