import { hostOfLog } from "../model/hosts.js";
import type { HostModel, Model } from "../model/model.js";
import type { ActiveResponseDefinition, LoadedOssec } from "../ossec/definitions.js";
import { createEngine, type Engine, type EngineEvent } from "../ossec/engine/index.js";
import { createClock } from "../ossec/engine/local-time.js";
import {
  type RefusedResponse,
  type ResponseOutcome,
  type ResponseRequest,
  responsesOf,
} from "../ossec/response/index.js";
import { suiteOf } from "../targets/ossec/suite.js";
import { AlertJson } from "../wazuh/output/alert-json.js";
import { BlockingHost, sideScripts } from "./blocking-host.js";
import type { ChainLine } from "./chain-line.js";
import type { LineFunnels } from "./line-funnel.js";
import type { TimelineEvent } from "./timeline.js";

/** A line that would have killed the real engine. */
export interface ChainCrash {
  readonly line: ChainLine;
  readonly reason: string;
}

export interface ChainOptions {
  readonly model: Model;
  readonly loaded: LoadedOssec;
  readonly timeZone: string | undefined;
  /** Follows every line to its rules; slows the engine down. */
  readonly funnels?: LineFunnels | undefined;
}

/** An event whose rule has matched. */
type ReportedEvent = Parameters<typeof responsesOf>[0];

const refusals: Readonly<Record<RefusedResponse["reason"], string>> = {
  "switched-off": "active response is switched off in ossec.conf",
  "no-srcip": "the alert has no srcip",
  "crafted-srcip": "the srcip holds characters that are not handed on",
  "no-user": "the alert has no user",
  "crafted-user": "the user name holds characters that are not handed on",
  "no-filename": "the alert has no file name",
  "white-list": "it is on the white list",
  "agents-only": "the response runs on agents only",
};

/** The host name that generated timelines show: output must not depend on the machine. */
const hostname = "sensor";

/** OSSEC and the hosts behind it on which responses run, in log time. */
export class Chain {
  readonly #loaded: LoadedOssec;
  readonly #engine: Engine;
  readonly #alertJson: AlertJson;
  readonly #server: boolean;
  readonly #hosts: readonly BlockingHost[];
  /** The bundle's scripts, by file name. */
  readonly #scripts: ReadonlySet<string>;
  readonly #model: Model;
  /** How the server names the agent that a line comes from, before its file; by file. */
  readonly #senders = new Map<string, string>();
  readonly #detections: ReadonlyMap<number, string>;
  #alerts = 0;
  #now = Number.NEGATIVE_INFINITY;
  #crash: ChainCrash | null = null;
  readonly #funnels: LineFunnels | undefined;

  constructor({ model, loaded, timeZone, funnels }: ChainOptions) {
    this.#funnels = funnels;
    this.#loaded = loaded;
    this.#engine = createEngine(loaded, { ownHostname: hostname, timeZone, mode: "daemon" });
    this.#alertJson = new AlertJson({
      ownHostname: hostname,
      clock: createClock(timeZone),
      showsLevelZero: false,
    });
    this.#server = model.host?.ossec === "server";
    this.#scripts = new Set([model.ossec.executable, ...sideScripts(model).keys()]);
    this.#model = model;
    this.#detections = new Map(model.detections.map(({ name, rule }) => [rule.id, name]));
    // An agent reads the list in its own ossec.conf, where the bundle writes the same one.
    const { repeatedOffenders } = loaded.conf;
    const detectionOf = (rule: number): string | null => this.#detectionOf(rule);
    this.#hosts = responding(model).map(
      (host) => new BlockingHost({ model, host, repeatedOffenders, detectionOf }),
    );
  }

  get crash(): ChainCrash | null {
    return this.#crash;
  }

  /**
   * What a line leads to, in time order; blocks that end before it come first.
   *
   * @param from the detection whose notice it is
   */
  feed(line: ChainLine, from: string | null = null): readonly TimelineEvent[] {
    const time = Math.floor(Math.max(line.time, this.#now));
    // A block that ends in the very second of a new alert is prolonged by it, so it is not run out first.
    const events = [...this.advance(time - 1)];
    const event = this.#analyse(line, time, from);
    if (event.kind === "crash") this.#crash ??= { line, reason: event.reason };
    if (event.kind !== "event" || event.rule === null) return events;
    if (event.alert) {
      this.#alerts += 1;
      events.push({
        time,
        kind: "alert",
        detection: this.#detectionOf(event.rule.id),
        source: event.srcip,
        file: line.file,
        lineNumber: line.lineNumber,
        rule: event.rule.id,
        level: event.rule.level,
        description: event.rule.description ?? "",
        line: line.text,
      });
    }
    events.push(...this.#respond(event, line));
    return events;
  }

  #analyse(line: ChainLine, time: number, from: string | null): EngineEvent {
    const sender = this.#senders.get(line.location) ?? senderOf(this.#model, line.location);
    this.#senders.set(line.location, sender);
    const location = `${sender}${line.location}`;
    if (this.#funnels === undefined) return this.#engine.process(line.text, time, location);
    return this.#funnels.analyse(this.#engine, { line, time, location, from });
  }

  /** Blocks that end up to and including `time`. */
  advance(time: number): readonly TimelineEvent[] {
    this.#now = Math.max(this.#now, time);
    return this.#onHosts((host) => host.advance(this.#now));
  }

  /** Runs out the timers that are still open. */
  finish(): readonly TimelineEvent[] {
    return this.#onHosts((host) => host.runOut());
  }

  /** What the responses of an alert do, here and on agents. */
  #respond(event: ReportedEvent, line: ChainLine): readonly TimelineEvent[] {
    const events: TimelineEvent[] = [];
    const held = new Set<string>();
    const { responses } = event;
    // All responses of an alert are given the one object.
    let written: string | null = null;
    const alert = (): string => {
      written ??= this.#alertJson.write(event, this.#alerts);
      return written;
    };
    const settings = {
      conf: this.#loaded.conf,
      dialect: this.#loaded.dialect,
      elsewhere: (response: ActiveResponseDefinition) =>
        this.#server || this.#onlyOnAgents(response, responses),
    };
    for (const outcome of responsesOf(event, settings, this.#alerts)) {
      // It runs here as well, and what happens here is shown.
      if (isOnAgents(outcome) && this.#isOurs(outcome.response)) continue;
      if (outcome.kind === "run") {
        for (const host of this.#hosts)
          if (!this.#server || runsOn(host.host, outcome)) events.push(...host.request(outcome, line, alert));
        continue;
      }
      const reason = reasonOf(outcome);
      // The server holds a block back for all hosts at once.
      if (this.#server && held.has(reason)) continue;
      held.add(reason);
      events.push({
        time: outcome.time,
        kind: "refused",
        detection: this.#detectionOf(outcome.rule),
        source: outcome.srcip,
        file: line.file,
        lineNumber: line.lineNumber,
        rule: outcome.rule,
        reason,
      });
    }
    return events;
  }

  /** Events of all hosts by time, and in the order of the hosts where that is the same. */
  #onHosts(ask: (host: BlockingHost) => readonly TimelineEvent[]): readonly TimelineEvent[] {
    const [only] = this.#hosts;
    if (only !== undefined && this.#hosts.length === 1) return ask(only);
    return this.#hosts.flatMap(ask).sort((a, b) => a.time - b.time);
  }

  #isOurs({ command }: ActiveResponseDefinition): boolean {
    return this.#scripts.has(command.executable);
  }

  /** A response of the bundle that runs on agents, and not here as well. */
  #onlyOnAgents(response: ActiveResponseDefinition, all: readonly ActiveResponseDefinition[]): boolean {
    return (
      this.#isOurs(response) &&
      !all.some((other) => other.command.name === response.command.name && runsHere(other))
    );
  }

  #detectionOf(rule: number): string | null {
    return this.#detections.get(rule) ?? null;
  }
}

/** The hosts on which responses run; null stands for the host of a bundle without targets. */
function responding(model: Model): readonly (HostModel | null)[] {
  if (model.host?.ossec !== "server") return [model.host];
  // A host without a packet filter has no script that could run, but the server's that notify and log.
  const besides = sideScripts(model).size > 0;
  return model.hosts.filter(
    ({ firewalls, ossec }) => firewalls.length > 0 || (ossec === "server" && besides),
  );
}

/** How a server names the agent that a file's lines come from, before the file. */
function senderOf(model: Model, file: string): string {
  const sender = hostOfLog(model, file);
  if (model.host?.ossec !== "server" || sender?.ossec !== "agent") return "";
  return suiteOf(model.ossec).agentLocation(sender.name, sender.agent);
}

/** Whether a server sends the request to that host (docs/reference/ossec.md#active-response, `location`). */
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

function reasonOf({ reason, entry }: RefusedResponse): string {
  return entry === undefined ? refusals[reason] : `${refusals[reason]} (${entry.text})`;
}

function isOnAgents(outcome: ResponseOutcome): boolean {
  return outcome.kind === "refused" && outcome.reason === "agents-only" && !runsHere(outcome.response);
}

/** On the server, or where the event comes from. */
function runsHere({ locations }: ActiveResponseDefinition): boolean {
  return locations.includes("server") || locations.includes("local");
}
