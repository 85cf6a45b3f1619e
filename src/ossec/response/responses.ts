/** Which active responses run on a reported event (docs/reference/ossec.md#active-response). */

import type { ActiveResponseDefinition, RulesetConf, WhiteListEntry } from "../definitions.js";
import type { Dialect } from "../dialect.js";
import type { AnalysedEvent } from "../engine/event.js";

/** A script call that the analysis engine asks execd for. */
export interface ResponseRequest {
  readonly kind: "run";
  /** Epoch seconds. */
  readonly time: number;
  readonly response: ActiveResponseDefinition;
  readonly rule: number;
  readonly user: string;
  readonly ip: string;
  /** `EPOCH.N` */
  readonly alertId: string;
  readonly location: string;
  readonly filename: string;
}

/** A bound response that does not run on this event. */
export interface RefusedResponse {
  readonly kind: "refused";
  readonly time: number;
  readonly response: ActiveResponseDefinition;
  readonly rule: number;
  readonly srcip: string | null;
  readonly reason:
    | "switched-off"
    | "no-srcip"
    | "crafted-srcip"
    | "no-user"
    | "crafted-user"
    | "no-filename"
    | "white-list"
    | "agents-only";
  /** The white list entry that held it back. */
  readonly entry?: WhiteListEntry;
}

export type ResponseOutcome = ResponseRequest | RefusedResponse;

const safeAddress = /^[a-zA-Z.:_0-9-]*$/;
const safeUser = /^[a-zA-Z._0-9@?-]*$/;
const mappedPrefix = "::ffff:";
/** The engine's message buffer: longer requests are cut. */
const messageLimit = 1023;

/** Characters that the engine puts a backslash before in a file name. */
const shellSpecial = /[\\"' \t;`><|#*[\]{}&$!:()]/g;

/** The first entry of the white list that holds the address text back. */
export function whiteListed(
  ip: string,
  list: readonly WhiteListEntry[],
  dialect: Dialect,
): WhiteListEntry | null {
  const { addressesHold } = dialect.engine;
  const addresses = list.flatMap(({ address }) => address ?? []);
  if (addresses.length > 0 && addressesHold(addresses, ip)) {
    const holds = ({ address }: WhiteListEntry) =>
      address !== null && !address.negated && addressesHold([address], ip);
    return list.find(holds) ?? list.find(({ address }) => address !== null) ?? null;
  }
  return list.find((entry) => entry.address === null && hostTextMatches(entry.text, ip, dialect)) ?? null;
}

function hostTextMatches(text: string, ip: string, { compilePattern, responses }: Dialect): boolean {
  const pattern = compilePattern(responses.hostPattern(text));
  return pattern.ok && pattern.value.test(ip);
}

/** What decides over responses: the configuration and its dialect. */
export interface ResponseSettings {
  readonly conf: RulesetConf;
  readonly dialect: Dialect;
  /** Responses that run on an agent and are followed there; without it they are refused as `agents-only`. */
  readonly elsewhere?: (response: ActiveResponseDefinition) => boolean;
}

/** Some take srcuser where a user is expected and dstuser is not set (spec 15). */
function userOf(event: AnalysedEvent, { responses }: Dialect): string | null {
  return responses.takesSrcuser ? (event.dstuser ?? event.srcuser) : event.dstuser;
}

type Refusal = Omit<RefusedResponse, "kind" | "time" | "response" | "rule" | "srcip">;

function refusal(
  event: AnalysedEvent,
  response: ActiveResponseDefinition,
  { conf, dialect, elsewhere }: ResponseSettings,
): Refusal | null {
  const { expect } = response.command;
  const isExpected = dialect.responses.looksAt === "what is expected";
  const user = userOf(event, dialect);
  if (isExpected && expect.user && user === null) return { reason: "no-user" };
  if ((expect.user || !isExpected) && user !== null && !safeUser.test(user))
    return { reason: "crafted-user" };
  const { srcip } = event;
  if (isExpected && expect.srcip && srcip === null) return { reason: "no-srcip" };
  const looksAtAddress = expect.srcip || !isExpected;
  if (looksAtAddress && srcip !== null && !safeAddress.test(srcip)) return { reason: "crafted-srcip" };
  if (isExpected && expect.filename && event.filename === null) return { reason: "no-filename" };
  if (looksAtAddress && srcip !== null) {
    const entry = whiteListed(cutMapped(srcip), conf.whiteList, dialect);
    if (entry !== null) return { reason: "white-list", entry };
  }
  const isAgents = dialect.responses.isOfAgent(event);
  const here = response.locations.includes("server") || (response.locations.includes("local") && !isAgents);
  if (!here && elsewhere?.(response) !== true) return { reason: "agents-only" };
  return conf.activeResponseOn ? null : { reason: "switched-off" };
}

const cutMapped = (ip: string): string => (ip.startsWith(mappedPrefix) ? ip.slice(mappedPrefix.length) : ip);

/**
 * What the active responses of an event's rule do on a stand-alone installation: requests to execd and,
 * for those that do not run, why.
 *
 * @param alertNumber - the `N` of `EPOCH.N`
 */
export function responsesOf(
  event: AnalysedEvent,
  settings: ResponseSettings,
  alertNumber: number,
): readonly ResponseOutcome[] {
  const { rule, time } = event;
  if (rule === null || !event.stored) return [];
  return event.responses.map((response): ResponseOutcome => {
    const held = refusal(event, response, settings);
    if (held !== null) return { kind: "refused", time, response, rule: rule.id, srcip: event.srcip, ...held };
    const { expect } = response.command;
    return {
      kind: "run",
      time,
      response,
      rule: rule.id,
      user: expect.user ? (userOf(event, settings.dialect) ?? "-") : "-",
      ip: expect.srcip ? cutMapped(event.srcip ?? "-") : "-",
      alertId: `${time}.${alertNumber}`,
      location: event.location,
      filename: expect.filename ? (event.filename ?? "-").replace(shellSpecial, "\\$&") : "-",
    };
  });
}

/**
 * The arguments behind the script's path as execd passes them: the message is cut at blanks, so a blank
 * in a value moves the later ones (docs/reference/firewall.md).
 */
export function scriptArguments(request: ResponseRequest): readonly string[] {
  const { user, ip, alertId, rule, location, filename } = request;
  const name = commandKey(request.response);
  const message = `${name} ${user} ${ip} ${alertId} ${rule} ${location} ${filename}`.slice(0, messageLimit);
  return message.slice(name.length + 1).split(" ");
}

/** Name under which execd knows a command with its timeout. */
export function commandKey({ command, timeout }: ActiveResponseDefinition): string {
  return `${command.name}${timeout}`;
}
