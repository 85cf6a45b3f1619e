/** alerts.log's format in Wazuh (docs/reference/wazuh.md#logtest-text). */
import { alertDate, type Clock } from "../../ossec/engine/local-time.js";
import type { AlertedEvent } from "./alerted-event.js";

/**
 * An alert with the empty line behind it; nothing when no rule matched.
 *
 * @param number - the `N` of `EPOCH.N`
 */
export function wazuhAlertText(event: AlertedEvent, number: number, clock: Clock): string {
  const { rule, time, location, hostname } = event;
  if (rule === null) return "";
  let text = `** Alert ${time}.${number}:${rule.options.mail ? " mail " : ""} - ${rule.group}\n`;
  text += `${alertDate(clock(time))} ${location.startsWith("(") ? "" : `${hostname}->`}${location}\n`;
  text += `Rule: ${rule.id} (level ${rule.level}) -> '${event.description ?? ""}'\n`;
  if (event.srcip !== null) text += `Src IP: ${event.srcip}\n`;
  if (event.srcport !== null) text += `Src Port: ${event.srcport}\n`;
  if (event.dstip !== null) text += `Dst IP: ${event.dstip}\n`;
  if (event.dstport !== null) text += `Dst Port: ${event.dstport}\n`;
  if (event.dstuser !== null) text += `User: ${event.dstuser}\n`;
  text += `${event.fullLog}\n`;
  for (const { name, value } of event.dynamicFields) if (value !== "") text += `${name}: ${value}\n`;
  for (const line of event.lastEvents) text += `${line}\n`;
  return `${text}\n`;
}
