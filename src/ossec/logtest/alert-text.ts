/** alerts.log's format, byte for byte (spec/ossec.md 12). */
import type { AnalysedEvent } from "../engine/event.js";
import { alertDate, type Clock } from "../engine/local-time.js";

/** Lines in an alert are cut to so many bytes. */
const lineLimit = 1256;

const cut = (line: string): string => (line.length > lineLimit ? line.slice(0, lineLimit) : line);

/**
 * The text of an alert with the empty line behind it.
 *
 * @param event - an event that raised an alert; empty text when no rule matched
 * @param number - the `N` of `EPOCH.N`, from 1
 */
export function alertText(event: AnalysedEvent, number: number, clock: Clock): string {
  const { rule } = event;
  if (rule === null) return "";
  const mail = rule.options.mail ? " mail " : "";
  let text = `** Alert ${event.time}.${number}:${mail} - ${rule.group}\n`;
  text += `${alertDate(clock(event.time))} ${event.origin}\n`;
  text += `Rule: ${rule.id} (level ${rule.level}) -> '${rule.description ?? "(null)"}'`;
  if (event.srcip !== null) text += `\nSrc IP: ${event.srcip}`;
  if (event.srcport !== null) text += `\nSrc Port: ${event.srcport}`;
  if (event.dstip !== null) text += `\nDst IP: ${event.dstip}`;
  if (event.dstport !== null) text += `\nDst Port: ${event.dstport}`;
  if (event.dstuser !== null) text += `\nUser: ${event.dstuser}`;
  text += `\n${cut(event.alertLog)}\n`;
  for (const line of event.lastEvents) text += `${cut(line)}\n`;
  return `${text}\n`;
}
