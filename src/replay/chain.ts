import { parseAddress } from "../firewall/address.js";
import { guard, type Protected, protectedNetworks, type Verdict } from "../firewall/guard.js";
import { blockedEntry, blockPrefix } from "../firewall/prefix.js";
import type { FirewallModel, HostModel, Model } from "../model/model.js";
import type { ActiveResponseDefinition, LoadedOssec } from "../ossec/definitions.js";
import { createEngine, type Engine } from "../ossec/engine/index.js";
import {
  Execd,
  type ExecdEvent,
  type RefusedResponse,
  type ResponseOutcome,
  type ResponseRequest,
  responsesOf,
  type ScriptCall,
} from "../ossec/response/index.js";
import type { AlertEvent, TimelineEvent } from "./timeline.js";

/** One line on its way to OSSEC. */
export interface ChainLine {
  /** Latin1, without its newline. */
  readonly text: string;
  /** Epoch seconds. */
  readonly time: number;
  /** The file that OSSEC reads it from on the host. */
  readonly location: string;
  /** Where the replay has it from, for people. */
  readonly file: string | null;
  readonly lineNumber: number | null;
}

/** A line that would have killed the real engine. */
export interface ChainCrash {
  readonly line: ChainLine;
  readonly reason: string;
}

/** OSSEC and the packet filters behind it, in log time. */
export interface Chain {
  /** What a line leads to, in time order; blocks that end before it come first. */
  feed(line: ChainLine): readonly TimelineEvent[];
  /** Blocks that end up to and including `time`. */
  advance(time: number): readonly TimelineEvent[];
  /** Runs out the timers that are still open. */
  finish(): readonly TimelineEvent[];
  readonly crash: ChainCrash | null;
}

export interface ChainOptions {
  readonly model: Model;
  readonly loaded: LoadedOssec;
  readonly timeZone: string | undefined;
}

const refusals: Readonly<Record<RefusedResponse["reason"], string>> = {
  "switched-off": "active response is switched off in ossec.conf",
  "no-srcip": "the alert has no srcip",
  "crafted-srcip": "the srcip holds characters that OSSEC does not hand on",
  "no-user": "the alert has no user",
  "crafted-user": "the user name holds characters that OSSEC does not hand on",
  "no-filename": "the alert has no file name",
  "white-list": "it is on OSSEC's white list",
  "agents-only": "the response runs on agents only",
};

/** A host on which blocks run: its execd, its script's list, its tables. */
interface Filter {
  /** null: the bundle is for one host. */
  readonly host: HostModel | null;
  readonly execd: Execd;
  readonly check: (text: string) => Verdict;
  readonly tables: string;
  /** Blocks that reached the firewall, by script and address, with the line behind each. */
  readonly blocked: Map<string, ChainLine>;
  /** What the script blocks for an address, and the addresses for which it does. */
  readonly entryOf: (ip: string) => string | null;
  readonly held: Map<string, Set<string>>;
}

/** The host name that generated timelines show: output must not depend on the machine. */
const hostname = "sensor";

export function createChain({ model, loaded, timeZone }: ChainOptions): Chain {
  const engine: Engine = createEngine(loaded, { ownHostname: hostname, timeZone, mode: "daemon" });
  const server = model.host?.ossec === "server";
  const filterOf = (host: HostModel | null): Filter => {
    const { firewalls, neverBlock } = host ?? model;
    // An agent reads the list in its own ossec.conf, where the bundle writes the same one.
    const { repeatedOffenders } = loaded.conf;
    return {
      host,
      execd: new Execd({ repeatedOffenders, deletes: "due" }),
      check: guard(neverBlock),
      tables: firewalls.map(({ table }: FirewallModel) => table).join(","),
      blocked: new Map(),
      entryOf: entriesOf(model, neverBlock),
      held: new Map(),
    };
  };
  const side = new Map(
    model.responses.flatMap((response) =>
      response.kind === "block" ? [] : [[response.executable, response.kind] as const],
    ),
  );
  // A host without a packet filter has no script that could run, but the server's that tell and log.
  const filters = server
    ? model.hosts
        .filter(({ firewalls, ossec }) => firewalls.length > 0 || (ossec === "server" && side.size > 0))
        .map(filterOf)
    : [filterOf(model.host)];
  const alone = filters.length === 1 ? (filters[0] ?? null) : null;
  const sender = senderOf(model);
  const detections = new Map(model.detections.map(({ name, rule }) => [rule.id, name]));
  let alerts = 0;
  let crash: ChainCrash | null = null;
  let now = Number.NEGATIVE_INFINITY;

  const key = (executable: string, ip: string): string => `${executable} ${ip}`;
  const ours = (executable: string): boolean => executable === model.ossec.executable;
  const known = ({ command }: ActiveResponseDefinition): boolean =>
    ours(command.executable) || side.has(command.executable);
  /** A response of the bundle that runs on agents, and not here as well. */
  const onAgents = (response: ActiveResponseDefinition, all: readonly ActiveResponseDefinition[]): boolean =>
    known(response) && !all.some((other) => other.command.name === response.command.name && runsHere(other));
  const place = ({ file, lineNumber }: ChainLine) => ({ file, lineNumber });
  const detectionOf = (rule: number): string | null => detections.get(rule) ?? null;

  const target = ({ host }: Filter): { readonly target?: string } =>
    host === null ? {} : { target: host.name };

  const unblocks = (filter: Filter, calls: readonly ExecdEvent[]): TimelineEvent[] =>
    calls.flatMap((call): TimelineEvent[] => {
      if (call.kind !== "delete") return [];
      const { blocked, tables } = filter;
      const line = blocked.get(key(call.executable, call.ip));
      if (line === undefined) return [];
      blocked.delete(key(call.executable, call.ip));
      const kind = side.get(call.executable);
      if (kind !== undefined) return [sideEvent(filter, kind, call, line, call.due ?? call.time)];
      return [
        {
          time: call.due ?? call.time,
          kind: "unblock",
          detection: detectionOf(call.rule),
          source: call.ip,
          ...place(line),
          rule: call.rule,
          table: ours(call.executable) ? tables : call.executable,
          command: call.argv,
          ...(ours(call.executable) ? released(filter, call.ip) : {}),
          ...target(filter),
        },
      ];
    });

  const sideEvent = (
    filter: Filter,
    kind: "log" | "notify",
    call: ScriptCall,
    line: ChainLine,
    time: number,
  ): TimelineEvent => ({
    time,
    kind: "response",
    detection: detectionOf(call.rule),
    source: call.ip,
    ...place(line),
    rule: call.rule,
    action: kind === "notify" ? "notify" : call.kind === "add" ? "would-block" : "would-unblock",
    script: call.executable,
    command: call.argv,
    ...target(filter),
  });

  const apply = (filter: Filter, call: ExecdEvent, line: ChainLine): TimelineEvent[] => {
    const { blocked, check, tables } = filter;
    if (call.kind === "delete") return unblocks(filter, [call]);
    if (call.kind === "restart") return [];
    const common = {
      time: call.time,
      detection: detectionOf(call.rule),
      source: call.ip === "-" ? null : call.ip,
      ...place(line),
      rule: call.rule,
    };
    const sideKind = side.get(call.executable);
    if (ours(call.executable) || sideKind !== undefined) {
      const reason = refusedByScript(check(call.ip));
      if (reason !== null) return [{ ...common, kind: "refused", reason, ...target(filter) }];
    }
    if (call.until !== null) blocked.set(key(call.executable, call.ip), line);
    if (sideKind !== undefined) return [sideEvent(filter, sideKind, call, line, call.time)];
    return [
      {
        ...common,
        kind: "block",
        until: call.until,
        table: ours(call.executable) ? tables : call.executable,
        command: call.argv,
        ...(ours(call.executable) ? held(filter, call.ip) : {}),
        ...target(filter),
      },
    ];
  };

  const advance = (time: number): TimelineEvent[] => {
    now = Math.max(now, time);
    return alone === null
      ? inOrder(filters.map((filter) => unblocks(filter, filter.execd.advance(now))))
      : unblocks(alone, alone.execd.advance(now));
  };

  return {
    get crash() {
      return crash;
    },
    advance,
    finish: () => inOrder(filters.map((filter) => unblocks(filter, filter.execd.runOut()))),
    feed(line) {
      const time = Math.floor(Math.max(line.time, now));
      // A block that ends in the very second of a new alert is prolonged by it, so it is not run out first.
      const events = advance(time - 1);
      const event = engine.process(line.text, time, `${sender}${line.location}`);
      if (event.kind === "crash") crash ??= { line, reason: event.reason };
      if (event.kind !== "event" || event.rule === null) return events;
      if (event.alert) {
        alerts += 1;
        const alert: AlertEvent = {
          time,
          kind: "alert",
          detection: detectionOf(event.rule.id),
          source: event.srcip,
          ...place(line),
          rule: event.rule.id,
          level: event.rule.level,
          description: event.rule.description ?? "",
          line: line.text,
        };
        events.push(alert);
      }
      const held = new Set<string>();
      const { responses } = event;
      const settings = {
        conf: loaded.conf,
        engine: loaded.engine,
        elsewhere: (response: ActiveResponseDefinition) => server || onAgents(response, responses),
      };
      for (const outcome of responsesOf(event, settings, alerts)) {
        // It runs here as well, and what happens here is told.
        if (isOnAgents(outcome) && known(outcome.response)) continue;
        if (outcome.kind === "refused") {
          const reason =
            outcome.entry === undefined
              ? refusals[outcome.reason]
              : `${refusals[outcome.reason]} (${outcome.entry.text})`;
          // The server holds a block back for all hosts at once.
          if (server && held.has(reason)) continue;
          held.add(reason);
          events.push({
            time,
            kind: "refused",
            detection: detectionOf(outcome.rule),
            source: outcome.srcip,
            ...place(line),
            rule: outcome.rule,
            reason,
          });
        } else
          for (const filter of filters)
            if (!server || runsOn(filter.host, outcome))
              for (const call of filter.execd.request(outcome)) events.push(...apply(filter, call, line));
      }
      return events;
    },
  };
}

/**
 * How a server names the agent that a line comes from: `(gateway) any->` before the file. The logs of a replay
 * are those of the bundle's first sensor.
 */
function senderOf({ host, hosts }: Model): string {
  const sensor = host?.sensor === true ? host : (hosts.find((one) => one.sensor) ?? null);
  return host?.ossec === "server" && sensor?.ossec === "agent" ? `(${sensor.name}) any->` : "";
}

/** Whether a server sends the request to that host (spec/ossec.md 11, `location`). */
function runsOn(host: HostModel | null, { response, location }: ResponseRequest): boolean {
  const { locations, agentId } = response;
  if (host === null) return true;
  const sent = location.startsWith(`(${host.name}) `);
  if (host.ossec === "server")
    return locations.includes("server") || (locations.includes("local") && !location.startsWith("("));
  return (
    locations.includes("all") ||
    (locations.includes("local") && sent) ||
    (locations.includes("defined-agent") && host.agent !== null && agentId === host.agent)
  );
}

/** Events of several hosts as one: by time, and in the order of the hosts where that is the same. */
function inOrder(lists: readonly (readonly TimelineEvent[])[]): TimelineEvent[] {
  return lists.flat().sort((a, b) => a.time - b.time);
}

/** Null where single addresses are blocked, and an address is its own entry. */
function entriesOf(model: Model, neverBlock: readonly Protected[]): (ip: string) => string | null {
  const prefix = blockPrefix(model);
  if (prefix === null) return () => null;
  const networks = protectedNetworks(neverBlock);
  return (ip) => {
    const address = parseAddress(ip);
    return address === null ? null : blockedEntry(address, prefix, networks);
  };
}

function held(filter: Filter, ip: string): { readonly entry?: string } {
  const entry = filter.entryOf(ip);
  if (entry === null) return {};
  const others = filter.held.get(entry);
  if (others === undefined) filter.held.set(entry, new Set([ip]));
  else others.add(ip);
  return { entry };
}

/** The network stays blocked as long as one of its addresses is. */
function released(filter: Filter, ip: string): { readonly entry?: string; readonly heldBy?: number } {
  const entry = filter.entryOf(ip);
  if (entry === null) return {};
  const others = filter.held.get(entry);
  others?.delete(ip);
  if (others === undefined || others.size === 0) filter.held.delete(entry);
  return { entry, heldBy: others?.size ?? 0 };
}

function isOnAgents(outcome: ResponseOutcome): boolean {
  return outcome.kind === "refused" && outcome.reason === "agents-only" && !runsHere(outcome.response);
}

/** On the server, or where the event comes from. */
function runsHere({ locations }: ActiveResponseDefinition): boolean {
  return locations.includes("server") || locations.includes("local");
}

function refusedByScript(verdict: Verdict): string | null {
  switch (verdict.kind) {
    case "valid":
      return null;
    case "invalid":
      return "the script takes only a plain IPv4 or IPv6 address";
    case "protected":
      return `the script never blocks ${verdict.network}`;
  }
}
