/** An alert, or wazuh-logtest's answer, as JSON (docs/reference/wazuh.md#json-alert). */
import type { RuleDefinition } from "../../ossec/definitions.js";
import type { Clock } from "../../ossec/engine/local-time.js";
import { printCJsonString as quoted, printCJsonName as quotedName } from "../cjson.js";
import { shownHostname } from "../predecode/predecode.js";
import type { AlertedEvent } from "./alerted-event.js";
import { type EventData, eventData } from "./event-data.js";

/** Group names that stand in lists of their own, without this. */
const standards = ["pci_dss", "cis", "gdpr", "gpg13", "hipaa", "nist_800_53", "tsc"];

/** Bytes that some texts are cut to. */
const shortText = 1023;

/** The parts of a rule's object that all of its alerts share. */
interface RuleParts {
  /** What stands before the description. */
  readonly level: string;
  /** What stands between the description and the counter. */
  readonly beforeCounter: string;
  /** All of this with the rule's own description, which most alerts have. */
  readonly before: string;
  readonly mail: string;
  /** The lists behind it, in order. */
  readonly lists: readonly (readonly [name: string, items: readonly string[]])[];
  /** All of it as JSON. */
  readonly behind: string;
  /** Events of rootcheck add lists. */
  readonly isRootcheck: boolean;
}

function listsOf(group: string): readonly (readonly [string, readonly string[]])[] {
  const groups: string[] = [];
  const lists: [string, string[]][] = [["groups", groups]];
  for (const name of group.slice(0, shortText).split(",")) {
    if (name === "") continue;
    const standard = standards.find((prefix) => name.startsWith(`${prefix}_`));
    if (standard === undefined) {
      groups.push(name);
      continue;
    }
    const item = name.slice(standard.length + 1);
    const list = lists.find(([key]) => key === standard);
    if (list === undefined) lists.push([standard, [item]]);
    else list[1].push(item);
  }
  return lists;
}

/** The names of a group text that stand in `groups`: without those of standards, which have lists of their own. */
export function shownGroups(group: string): readonly string[] {
  return listsOf(group)[0]?.[1] ?? [];
}

function printLists(lists: RuleParts["lists"]): string {
  return lists.map(([name, items]) => `,${quoted(name)}:[${items.map(quoted).join(",")}]`).join("");
}

function partsOf(rule: RuleDefinition): RuleParts {
  let beforeCounter = `"id":"${rule.id}"`;
  if (rule.cve !== null) beforeCounter += `,"cve":${quoted(rule.cve)}`;
  if (rule.info.length > 0) beforeCounter += `,"info":${quoted(rule.info.map(({ data }) => data).join(""))}`;
  if (rule.search !== null || rule.frequency > 0) beforeCounter += `,"frequency":${rule.frequency + 2}`;
  if (rule.id === 0) beforeCounter = beforeCounter.replace(/^"id":"0",?/, "");
  if (beforeCounter !== "") beforeCounter += ",";
  const lists = rule.group === "" ? [] : listsOf(rule.group);
  const level = rule.level > 0 ? `{"level":${rule.level},` : "{";
  return {
    level,
    beforeCounter,
    before: level + printDescription(rule.description) + beforeCounter,
    mail: `"mail":${rule.options.mail}`,
    lists,
    behind: printLists(lists),
    isRootcheck: lists[0]?.[1].includes("rootcheck") ?? false,
  };
}

const printDescription = (description: string | null): string =>
  description === null ? "" : `"description":${quoted(description)},`;

/** What rootcheck's own events name in braces, as lists of the rule. */
function rootcheckLists(fullLog: string): readonly (readonly [string, readonly string[]])[] {
  return [...fullLog.slice(0, shortText).matchAll(/\{([A-Za-z0-9_]*): ([A-Za-z0-9_., ]*)\}/g)].map(
    ([, name = "", items = ""]) => [name.toLowerCase(), trimmedItems(items)],
  );
}

function trimmedItems(items: string): readonly string[] {
  return items
    .split(",")
    .filter((item) => item !== "")
    .map((item) => item.replace(/^[ \t-\r]+|[ \t-\r]+$/g, ""));
}

/** The rule's lists with those that the event adds to them. */
function withCompliance(lists: RuleParts["lists"], added: EventData["compliance"]): RuleParts["lists"] {
  const all = lists.map(([name, items]): [string, string[]] => [name, [...items]]);
  for (const [name, items] of added) {
    const named = trimmedItems(items).filter((item) => item !== "");
    const list = all.find(([key]) => key.toLowerCase() === name.toLowerCase());
    if (list !== undefined) list[1].push(...named);
    else if (named.length > 0) all.push([name, named]);
  }
  return all;
}

/** Address of the agent that a location names; null: it names none. */
function agentAddress(location: string): string | null {
  const close = location.indexOf(")");
  if (close < 0) return null;
  const [address = ""] = location.slice(close + 2).split("-", 1);
  return address === "any" ? null : address;
}

/** `(script) user@host->…` of the server itself: a device that is watched without an agent. */
const agentless = /^\((.*?)\) (.*?)@(.*?)->/s;

/** The location as JSON shows it: of agents what stands behind the first `>`; null: nothing does. */
export function shownLocation(location: string): string | null {
  if (!location.startsWith("(")) return location;
  const arrow = location.slice(0, shortText).indexOf(">");
  return arrow < 0 ? null : location.slice(arrow + 1, shortText);
}

export interface AlertJsonOptions {
  /** The server's own short host name. */
  readonly ownHostname: string;
  readonly clock: Clock;
  /** The answer of wazuh-logtest shows level 0 at the end of the rule; alerts have none. */
  readonly showsLevelZero: boolean;
}

/** Writes alerts as JSON; remembers what those of a rule share. */
export class AlertJson {
  readonly #options: AlertJsonOptions;
  readonly #parts = new Map<RuleDefinition, RuleParts>();
  readonly #manager: string;
  #time = Number.NaN;
  #timestamp = "";

  constructor(options: AlertJsonOptions) {
    this.#options = options;
    this.#manager = quoted(options.ownHostname);
  }

  /**
   * The object without a line break (latin1).
   *
   * @param number - the `N` of the alert's id `EPOCH.N`
   */
  write(event: AlertedEvent, number: number): string {
    const { fullLog, location, agentId, rule, dynamicFields } = event;
    const fields = event.fields.slice(0, event.fields.length - dynamicFields.length);
    const data = eventData(fields, dynamicFields);
    const fromAgent = location.startsWith("(");
    let text = `{"timestamp":"${this.#timestampOf(event.time)}"`;
    if (rule !== null) text += `,"rule":${this.#ruleOf(rule, event, data.compliance)}`;
    const device = fromAgent && agentId === "000" ? agentless.exec(location) : null;
    if (device === null) {
      text += `,"agent":{"id":${quoted(agentId)}`;
      if (fromAgent) {
        text += `,"name":${quoted(event.hostname)}`;
        const address = agentAddress(location);
        if (address !== null) text += `,"ip":${quoted(address)}`;
      } else if (agentId === "000") text += `,"name":${this.#manager}`;
      text += "}";
    }
    text += `,"manager":{"name":${this.#manager}},"id":"${event.time}.${number}"`;
    if (event.lastEvents.length > 1) text += `,"previous_output":${quoted(event.lastEvents.join("\n"))}`;
    if (rule?.options.noFullLog !== true) text += `,"full_log":${quoted(fullLog)}`;
    const hostname = shownHostname(fullLog);
    const predecoder = predecoderOf(event, hostname);
    const late = event.programName === null && event.date === null;
    if (predecoder !== "" && !late) text += predecoder;
    text += `,"decoder":${decoderOf(event)}`;
    if (event.previousLog !== null) text += `,"previous_log":${quoted(event.previousLog)}`;
    if (data.text !== null) text += `,"data":${data.text}`;
    if (predecoder !== "" && late) text += predecoder;
    const shown = shownLocation(location);
    if (shown !== null) text += `,"location":${quoted(shown)}`;
    if (device !== null) {
      const [, script = "", user = "", host = ""] = device;
      text += `,"agentless":{"script":${quoted(script)},"user":${quoted(user)},"host":${quoted(host)}}`;
    }
    return `${text}}`;
  }

  #ruleOf(rule: RuleDefinition, event: AlertedEvent, compliance: EventData["compliance"]): string {
    let parts = this.#parts.get(rule);
    if (parts === undefined) {
      parts = partsOf(rule);
      this.#parts.set(rule, parts);
    }
    const { description } = event;
    let text =
      description === rule.description
        ? parts.before
        : parts.level + printDescription(description) + parts.beforeCounter;
    if (!rule.options.noCounter && event.firedTimes > 0) text += `"firedtimes":${event.firedTimes},`;
    text += parts.mail;
    if (compliance.length > 0 && parts.lists.length > 0)
      text += printLists(withCompliance(parts.lists, compliance));
    else text += parts.behind;
    if (parts.isRootcheck) text += printLists(rootcheckLists(event.fullLog));
    return `${text}${this.#options.showsLevelZero && rule.level === 0 ? ',"level":0' : ""}}`;
  }

  #timestampOf(time: number): string {
    if (time !== this.#time) {
      this.#time = time;
      const { year, month, day, hour, minute, second } = this.#options.clock(time);
      const local = Date.UTC(year, month, day, hour, minute, second);
      const zone = Math.round((local / 1000 - time) / 60) || 0;
      const offset = `${two(Math.floor(Math.abs(zone) / 60))}${two(Math.abs(zone) % 60)}`;
      const date = `${year}-${two(month + 1)}-${two(day)}T${two(hour)}:${two(minute)}:${two(second)}`;
      this.#timestamp = `${date}.000${zone < 0 ? "-" : "+"}${offset}`;
    }
    return this.#timestamp;
  }
}

const two = (value: number): string => `${value}`.padStart(2, "0");

function predecoderOf({ programName, date }: AlertedEvent, hostname: string | null): string {
  let members = "";
  if (programName !== null) members += `,"program_name":${quotedName(programName)}`;
  if (date !== null) members += `,"timestamp":${quoted(date)}`;
  if (hostname !== null) members += `,"hostname":${quotedName(hostname)}`;
  return members === "" ? "" : `,"predecoder":{${members.slice(1)}}`;
}

function decoderOf({ accumulated, decoderParent, decoder, ftsComment }: AlertedEvent): string {
  if (decoder === null) return "{}";
  let text = accumulated ? '{"accumulate":1,' : "{";
  if (decoderParent !== null) text += `"parent":${quotedName(decoderParent)},`;
  text += `"name":${quotedName(decoder)}`;
  return ftsComment === null ? `${text}}` : `${text},"ftscomment":${quoted(ftsComment)}}`;
}
