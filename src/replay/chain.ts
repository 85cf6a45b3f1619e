import { guard, type Verdict } from "../firewall/guard.js";
import type { FirewallModel, Model } from "../model/model.js";
import type { LoadedOssec } from "../ossec/definitions.js";
import { createEngine, type Engine } from "../ossec/engine/index.js";
import { Execd, type ExecdEvent, type RefusedResponse, responsesOf } from "../ossec/response/index.js";
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

/** The host name that generated timelines show: output must not depend on the machine. */
const hostname = "sensor";

export function createChain({ model, loaded, timeZone }: ChainOptions): Chain {
  const engine: Engine = createEngine(loaded, { ownHostname: hostname, timeZone, mode: "daemon" });
  const execd = new Execd({ repeatedOffenders: loaded.conf.repeatedOffenders, deletes: "due" });
  const check = guard(model.neverBlock);
  const detections = new Map(model.detections.map(({ name, rule }) => [rule.id, name]));
  const tables = model.firewalls.map(({ table }: FirewallModel) => table).join(",");
  /** Blocks that reached the firewall, by script and address, with the line behind each. */
  const blocked = new Map<string, ChainLine>();
  let alerts = 0;
  let crash: ChainCrash | null = null;
  let now = Number.NEGATIVE_INFINITY;

  const key = (executable: string, ip: string): string => `${executable} ${ip}`;
  const ours = (executable: string): boolean => executable === model.ossec.executable;
  const place = ({ file, lineNumber }: ChainLine) => ({ file, lineNumber });
  const detectionOf = (rule: number): string | null => detections.get(rule) ?? null;

  const unblocks = (calls: readonly ExecdEvent[]): TimelineEvent[] =>
    calls.flatMap((call): TimelineEvent[] => {
      if (call.kind !== "delete") return [];
      const line = blocked.get(key(call.executable, call.ip));
      if (line === undefined) return [];
      blocked.delete(key(call.executable, call.ip));
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
        },
      ];
    });

  const apply = (call: ExecdEvent, line: ChainLine): TimelineEvent[] => {
    if (call.kind === "delete") return unblocks([call]);
    if (call.kind === "restart") return [];
    const common = {
      time: call.time,
      detection: detectionOf(call.rule),
      source: call.ip === "-" ? null : call.ip,
      ...place(line),
      rule: call.rule,
    };
    if (ours(call.executable)) {
      const reason = refusedByScript(check(call.ip));
      if (reason !== null) return [{ ...common, kind: "refused", reason }];
    }
    blocked.set(key(call.executable, call.ip), line);
    return [
      {
        ...common,
        kind: "block",
        until: call.until,
        table: ours(call.executable) ? tables : call.executable,
        command: call.argv,
      },
    ];
  };

  const advance = (time: number): TimelineEvent[] => {
    now = Math.max(now, time);
    return unblocks(execd.advance(now));
  };

  return {
    get crash() {
      return crash;
    },
    advance,
    finish: () => unblocks(execd.runOut()),
    feed(line) {
      const time = Math.floor(Math.max(line.time, now));
      // A block that ends in the very second of a new alert is prolonged by it, so it is not run out first.
      const events = advance(time - 1);
      const event = engine.process(line.text, time, line.location);
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
      for (const outcome of responsesOf(event, { conf: loaded.conf, engine: loaded.engine }, alerts)) {
        if (outcome.kind === "refused")
          events.push({
            time,
            kind: "refused",
            detection: detectionOf(outcome.rule),
            source: outcome.srcip,
            ...place(line),
            rule: outcome.rule,
            reason:
              outcome.entry === undefined
                ? refusals[outcome.reason]
                : `${refusals[outcome.reason]} (${outcome.entry.text})`,
          });
        else for (const call of execd.request(outcome)) events.push(...apply(call, line));
      }
      return events;
    },
  };
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
