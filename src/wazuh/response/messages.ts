/** What Wazuh's analysis engine sends to those that run scripts (docs/reference/wazuh.md#responses-in-wazuh). */
import type { ActiveResponseDefinition, OssecConf } from "../../ossec/definitions.js";
import type { AnalysedEvent } from "../../ossec/engine/event.js";
import { atoi } from "../../ossec/load/text.js";
import {
  commandKey,
  type RefusedResponse,
  type ResponseRequest,
  responsesOf,
} from "../../ossec/response/index.js";
import { printCJsonString } from "../cjson.js";
import { wazuh4 } from "../dialect.js";

/** A message in one of the engine's queues. */
export interface ResponseMessage {
  readonly kind: "message";
  /** `execq`: to the server's own execd; `ar`: to agents. */
  readonly queue: "execq" | "ar";
  /** Who runs it; `000`: the server. */
  readonly agent: string;
  /** What stands before the message in the queue. */
  readonly prefix: string;
  /** JSON, or the arguments as a text for agents before 4.2 (latin1). */
  readonly text: string;
  readonly response: ActiveResponseDefinition;
  readonly request: ResponseRequest;
}

export interface MessageSettings {
  readonly conf: OssecConf;
  /** Versions of the active agents by their number, as `Wazuh v4.14.7`; others are sent nothing. */
  readonly agents: ReadonlyMap<string, string>;
  /** Name of the node; default `undefined`, as without a cluster. */
  readonly node?: string;
  /** The alert as JSON. */
  readonly alert: (event: AnalysedEvent, number: number) => string;
}

const server = "000";

/**
 * What is sent for an event, in order, and which responses are held back.
 *
 * @param number - the `N` of the alert's id `EPOCH.N`
 */
export function responseMessages(
  event: AnalysedEvent,
  settings: MessageSettings,
  number: number,
): readonly (ResponseMessage | RefusedResponse)[] {
  const { conf, alert } = settings;
  if (event.responses.length === 0) return [];
  let json: string | null = null;
  const outcomes = responsesOf(event, { conf, dialect: wazuh4, elsewhere: () => true }, number);
  return outcomes.flatMap((outcome): readonly (ResponseMessage | RefusedResponse)[] => {
    if (outcome.kind === "refused") return [outcome];
    json ??= alert(event, number);
    return messagesOf(outcome, event, json, settings);
  });
}

function messagesOf(
  request: ResponseRequest,
  { agentId }: AnalysedEvent,
  alert: string,
  settings: MessageSettings,
): readonly ResponseMessage[] {
  const { response } = request;
  const { locations } = response;
  const { agents } = settings;
  const json = (): string => jsonMessage(response, alert, settings);
  if (locations.includes("server") || (locations.includes("local") && agentId === server)) {
    const to = { kind: "message", queue: "execq", agent: server, prefix: "" } as const;
    return [{ ...to, text: json(), response, request }];
  }
  const forAgent = (agent: string, flags: "NRN" | "NNS"): readonly ResponseMessage[] => {
    const version = versionOf(agents.get(agentNumber(agent)));
    if (version === null) return [];
    const prefix = `(local_source) [] ${flags} ${agent} `;
    const text = isBefore(version, [4, 2, 0])
      ? textMessage(request)
      : isBefore(version, [4, 2, 5])
        ? escaped(json())
        : json();
    return [{ kind: "message", queue: "ar", agent, prefix, text, response, request }];
  };
  if (locations.includes("all")) return [...agents.keys()].flatMap((agent) => forAgent(agent, "NNS"));
  if (locations.includes("local")) return forAgent(agentId, "NRN");
  return response.agentId === null ? [] : forAgent(response.agentId, "NNS");
}

const agentNumber = (id: string): string => `${atoi(id)}`.padStart(3, "0");

type Version = readonly [major: number, minor: number, patch: number];

function versionOf(text: string | undefined): Version | null {
  const match = /v?(\d+)\.(\d+)(?:\.(\d+))?/.exec(text ?? "");
  return match === null ? null : [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
}

function isBefore(version: Version, other: Version): boolean {
  const at = version.findIndex((part, index) => part !== other[index]);
  return at >= 0 && (version[at] ?? 0) < (other[at] ?? 0);
}

/** The message of an alert, for agents from 4.2 on and for the server's own execd. */
export function jsonMessage(
  response: ActiveResponseDefinition,
  alert: string,
  { node = "undefined" }: Pick<MessageSettings, "node"> = {},
): string {
  const { command } = response;
  const words = command.extraArguments.map(printCJsonString).join(",");
  return (
    `{"version":1,"origin":{"name":${printCJsonString(node)},"module":"wazuh-analysisd"},` +
    `"command":${printCJsonString(commandKey(response))},` +
    `"parameters":{"extra_args":[${words}],"alert":${alert}}}`
  );
}

/** Agents from 4.2.0 to 4.2.4 hand the message to a shell. */
function escaped(message: string): string {
  return message.replace(/[!$'`]/g, (byte) => `\\\\x${byte.charCodeAt(0).toString(16)}`);
}

/** `NAME USER IP EPOCH.N RULE LOCATION FILE ARGS` */
function textMessage({ response, user, ip, alertId, rule, location }: ResponseRequest): string {
  const words = response.command.extraArguments.join(" ");
  return `${commandKey(response)} ${user} ${ip} ${alertId} ${rule} ${location} - ${words === "" ? "-" : words}`;
}
