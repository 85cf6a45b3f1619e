/** predecode.json: how lines are cut, and whose they are. */
import { lineBytes } from "../../src/ossec/predecode/line-bytes.js";
import { cutLine, shownHostname } from "../../src/wazuh/predecode/predecode.js";
import { type JsonObject, text, type Verdict } from "./ossec-oracle.js";

const compared = [
  "log",
  "timestamp",
  "hostname",
  "program_name",
  "predecoderHostname",
  "internalLocation",
  "agentId",
];

function said(line: string, location: string): JsonObject | null {
  const cut = cutLine(lineBytes(line), location, "vm");
  if (cut === null) return null;
  return {
    log: cut.log,
    timestamp: cut.dateEnd > 0 ? cut.fullLog.slice(cut.dateStart, cut.dateEnd) : null,
    hostname: cut.hostname,
    program_name: cut.programName,
    predecoderHostname: shownHostname(line),
    internalLocation: cut.location,
    agentId: cut.agentId,
  };
}

/** What differs; null: nothing. */
export function predecodeDifference(record: JsonObject): string | null {
  const found = said(text(record.line), typeof record.location === "string" ? record.location : "stdin");
  if (record.error === "format" || found === null)
    return record.error === "format" && found === null ? null : `error ${String(record.error)}`;
  for (const name of compared)
    if (name in record && found[name] !== record[name])
      return `${name}: ${JSON.stringify(found[name])}, not ${JSON.stringify(record[name])}`;
  return null;
}

export function wazuhPredecode(records: readonly JsonObject[]): readonly Verdict[] {
  return records.map((record) => ({
    family: "wazuh predecode",
    name: `${text(record.location)} ${text(record.line).slice(0, 200)}`,
    difference: predecodeDifference(record),
  }));
}
