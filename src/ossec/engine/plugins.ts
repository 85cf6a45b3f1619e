/**
 * The four decoders that are code (docs/reference/ossec.md#decoder-fields, `plugin_decoder`). They set fields without printing
 * them; SonicWall and OSSECAlert change the type of the decoder itself.
 */

import type { PluginDecoder, RuleDefinition } from "../definitions.js";
import type { EngineDialect } from "../dialect.js";
import { compileOsRegex, type Matcher } from "../patterns/index.js";
import type { Event } from "./event.js";

function osRegex(text: string): Matcher {
  const result = compileOsRegex(text);
  if (!result.ok) throw new Error(`built-in pattern ${text}: ${result.reason}`);
  return result.value;
}

/** `address.port` of pf: what stands behind the fourth dot is the port. */
function splitPort(text: string): readonly [address: string, port: string | null] {
  let at = -1;
  for (let dots = 0; dots < 4; dots += 1) {
    at = text.indexOf(".", at + 1);
    if (at < 0) return [text, null];
  }
  return [text.slice(0, at), text.slice(at + 1)];
}

/** OpenBSD's pf: `… rule 3/(match) pass out on xl0: 192.0.2.1.1514 > 192.0.2.2.53: udp 73`. */
function pf(event: Event): void {
  const { log } = event;
  let at = log.indexOf(")");
  if (at < 0 || log[at + 1] !== " ") return;
  at += 2;
  if (log[at] === "p") event.action = "pass";
  else if (log[at] === "b") event.action = "block";
  else return;
  at = log.indexOf(":", at);
  if (at < 0 || log[at + 1] !== " ") return;
  at += 2;
  let end = log.indexOf(" ", at);
  if (end < 0) return;
  const source = splitPort(log.slice(at, end));
  event.srcip = source[0];
  if (source[1] !== null) event.srcport = source[1];
  if (!log.startsWith("> ", end + 1)) return;
  at = end + 3;
  end = log.indexOf(":", at);
  if (end < 0) return;
  const destination = splitPort(log.slice(at, end));
  event.dstip = destination[0];
  if (destination[1] !== null) event.dstport = destination[1];
  at = end + 1;
  while (log[at] === " ") at += 1;
  if (at >= log.length) return;
  event.protocol = log[at] === "u" ? "UDP" : log[at] === "i" ? "ICMP" : "TCP";
}

const sonicWallPatterns: { priority?: Matcher; addresses?: Matcher; proxy?: Matcher } = {};

const sonicWallActions: ReadonlyMap<string, string> = new Map([
  ["98", "pass"],
  ["597", "pass"],
  ["598", "pass"],
  ["38", "drop"],
  ["36", "drop"],
  ["173", "drop"],
  ["174", "drop"],
  ["37", "drop"],
  ["537", "close"],
]);

const protocolCharacters = /^[A-Za-z0-9()@_.-]{0,6}/;

/** SonicWall: `… pri=6 c=262144 m=98 … src=192.0.2.1:36701:WAN dst=192.0.2.2:50000:WAN proto=tcp/50000`. */
function sonicWall(event: Event): void {
  const known = sonicWallPatterns;
  known.priority ??= osRegex("pri=(\\d) c=(\\d+) m=(\\d+) ");
  known.addresses ??= osRegex("src=(\\d+.\\d+.\\d+.\\d+):(\\d+):\\S+ dst=(\\d+.\\d+.\\d+.\\d+):(\\d+):");
  known.proxy ??= osRegex("result=(\\d+) dstname=(\\S+) arg=(\\S+)$");
  const { log } = event;
  event.decoder.type = "syslog";
  const priority = known.priority.exec(log);
  const [status, category, id] = priority?.captures ?? [];
  if (priority === null || status === undefined || category === undefined || id === undefined) return;
  event.status = status;
  event.id = id;
  const addresses = known.addresses.exec(log, priority.end);
  const [srcip, srcport, dstip, dstport] = addresses?.captures ?? [];
  if (addresses === null || srcip === undefined || srcport === undefined) return;
  if (dstip === undefined || dstport === undefined) return;
  event.srcip = srcip;
  event.srcport = srcport;
  event.dstip = dstip;
  event.dstport = dstport;
  const blank = log.indexOf(" ", addresses.end);
  let rest = blank < 0 ? -1 : blank + 1;
  if (rest >= 0 && log.startsWith("proto=", rest)) {
    rest += 6;
    const protocol = protocolCharacters.exec(log.slice(rest, rest + 6))?.[0] ?? "";
    event.protocol = protocol;
    rest += protocol.length;
  }
  const action = sonicWallActions.get(id);
  if (category.slice(0, 7) === "32") event.decoder.type = "ids";
  else if (action !== undefined) {
    event.decoder.type = "firewall";
    event.action = action;
  } else if (id === "97") {
    event.decoder.type = "squid";
    if (rest < 0) return;
    const [code, host, path] = known.proxy.exec(log, rest)?.captures ?? [];
    if (code === undefined) return;
    event.id = code;
    if (host !== undefined && path !== undefined) event.url = host + path;
  }
}

/** Symantec Web Security: `20070717,73614,1=5,11=192.0.2.3,60=http://…,10=userX,1000=…,2=27`. */
function symantecWebSecurity(event: Event): void {
  const { log } = event;
  let at = log.indexOf(",");
  if (at < 0) return;
  at += 1;
  const value = (from: number, limit: number): string => {
    const comma = log.indexOf(",", from);
    return log.slice(from, Math.min(comma < 0 ? log.length : comma, from + limit));
  };
  for (;;) {
    if (log.startsWith("10=", at)) event.dstuser ??= value(at + 3, 128);
    else if (log.startsWith("11=", at)) event.srcip ??= value(at + 3, 128);
    else if (log.startsWith("60=", at)) event.url ??= value(at + 3, 1024);
    else if (log.startsWith("3=", at) || log.startsWith("2=", at)) {
      event.id ??= log.slice(at, at + 9);
      // The engine goes on behind the nine bytes that it took.
      at = Math.min(at + 9, log.length);
    }
    const comma = log.indexOf(",", at);
    if (comma < 0) return;
    at = comma + 1;
  }
}

/** An alert of another OSSEC server: `Alert Level: 5; Rule: 5503 - text; Location: (a) any; srcip: …;  line`. */
function ossecAlert(event: Event, { ruleById, dialect }: PluginContext): void {
  const { log } = event;
  event.decoder.type = "ossec-alert";
  if (!log.startsWith("Alert Level:") && !log.startsWith("ossec: Alert Level")) return;
  let at = log.indexOf(";");
  if (at < 0) return;
  at = log.indexOf(":", at + 1);
  if (at < 0 || log[at + 1] !== " ") return;
  const idEnd = log.indexOf(" ", at + 2);
  if (idEnd < 0) return;
  const idText = log.slice(at + 2, idEnd);
  const rule = /^(?:0|[1-9]\d{0,5})$/.test(idText) ? ruleById.get(Number(idText)) : undefined;
  if (rule === undefined) return;
  at = log.indexOf(";", idEnd);
  if (at < 0 || !log.startsWith(" Location: ", at + 1)) return;
  at += 12;
  const locationEnd = log.indexOf(";", at);
  if (locationEnd < 0) return;
  event.location = `${event.location}|${log.slice(at, locationEnd)}`.slice(0, 254);
  event.hostname = event.location;
  event.relocated = dialect.forwardedNamesLocationOnly;
  at = locationEnd + 1;
  while (log[at] === " " && log[at + 1] !== " ") {
    const end = log.indexOf(";", at + 1);
    if (end < 0) return;
    const field = log.slice(at + 1, end);
    if (field.startsWith("srcip: ")) event.srcip = field.slice(7);
    if (field.startsWith("user: ")) event.dstuser = field.slice(6);
    at = end + 1;
  }
  while (log[at] === " ") at += 1;
  event.fullLog = log.slice(at, at + 4094);
  event.log = event.fullLog;
  event.generatedRule = rule;
}

/** What plugins ask beyond the event. */
export interface PluginContext {
  readonly ruleById: ReadonlyMap<number, RuleDefinition>;
  readonly dialect: EngineDialect;
}

/** Runs a plugin decoder on an event whose decoder is already chosen. */
export function runPlugin(plugin: PluginDecoder, event: Event, context: PluginContext): void {
  switch (plugin) {
    case "PF_Decoder":
      pf(event);
      break;
    case "SonicWall_Decoder":
      sonicWall(event);
      break;
    case "SymantecWS_Decoder":
      symantecWebSecurity(event);
      break;
    case "OSSECAlert_Decoder":
      ossecAlert(event, context);
      break;
  }
}
