import type { Duration } from "./duration.js";
import type { Level } from "./rule.js";

interface StockRules {
  /** Says that rules of others are meant, too. */
  readonly alsoStockRules?: true;
}

/** What starts a response (docs/reference/ossec.md#active-response). */
export type When<Name extends string> =
  /** One detection of this bundle; compiled to its rule id. */
  | {
      /** Name of a detection of this bundle. */
      readonly detection: Name;
    }
  /**
   * Every rule of this level or above on the host, the stock rules among them: hundreds from 6 up. That has to
   * be said with `alsoStockRules: true`. Levels below 5 are refused.
   */
  | (StockRules & {
      /** That level, and every one above. */
      readonly level: Level;
    })
  /** Every rule of that group on the host, whoever wrote it. `alsoStockRules: true` says that this is meant. */
  | (StockRules & {
      /** The group's name. */
      readonly group: string;
    })
  /** Rules that are there already, by id. */
  | {
      /** Ids of rules. */
      readonly rule: number | readonly number[];
    };

/**
 * Where a response runs (docs/reference/ossec.md#active-response, location).
 *
 * - `"sensor"` (default): on the host that sent the event; on a stand-alone installation that is this one.
 * - `"gateway"`: on the OSSEC server.
 * - `"agents"`: on every agent, and not on the server.
 * - `"everywhere"`: on the server and on every agent.
 * - `{ agent: "003" }`: on that agent.
 *
 * The last three need `ossec: { installation: "server" }`: elsewhere OSSEC does nothing at all for them. On each
 * agent the script has to be installed too.
 */
export type Where =
  | "sensor"
  | "gateway"
  | "agents"
  | "everywhere"
  | {
      /** The agent's id, as `manage_agents -l` shows it. */
      readonly agent: string;
    };

/** How many leading bits of an address are blocked; left out: the address alone. */
export interface BlockPrefix {
  /** 24 to 32. */
  readonly v4?: number;
  /** 48 to 128. */
  readonly v6?: number;
}

export interface BlockResponse<Name extends string> {
  /** Blocks the source in the packet filter. */
  readonly kind: "block";
  /** What starts it. */
  readonly when: When<Name>;
  /** How long the source stays blocked; OSSEC counts whole seconds. */
  readonly for: Duration;
  /**
   * How long the second, third … block of the same source lasts: whole minutes, at most five, growing; the last
   * one stays. OSSEC has one such list for the whole host (repeated_offenders), so every block of a bundle
   * says the same.
   */
  readonly escalate?: readonly Duration[];
  /**
   * Blocks the source's network in its place: `{ v6: 64 }`. Where that network meets one that is never blocked,
   * the address alone is blocked. Every block of a bundle says the same, for one script serves them all.
   */
  readonly prefix?: BlockPrefix;
  /**
   * In a bundle with `targets`: the hosts that block, by name. Left out, each that has a packet filter does. Not
   * beside `where`.
   */
  readonly on?: readonly string[];
  /** Where it runs; default `"sensor"`. Not for bundles with `targets`. */
  readonly where?: Where;
  /** As in `when`. */
  readonly alsoStockRules?: true;
}

/** Blocks nothing: a script of its own logs what a block would do (`result=would-block`). */
export interface LogResponse<Name extends string> {
  /** Logs what a block would do. */
  readonly kind: "log";
  /** What starts it. */
  readonly when: When<Name>;
  /** With it the script logs too when the block would have ended. */
  readonly for?: Duration;
  /** Where it runs; default `"sensor"`. */
  readonly where?: Where;
  /** As in `when`. */
  readonly alsoStockRules?: true;
}

/** Facility and severity of syslog, as `logger -p` takes them. */
export type SyslogPriority =
  `${"auth" | "authpriv" | "daemon" | "user" | "local0" | "local1" | "local2" | "local3" | "local4" | "local5" | "local6" | "local7"}.${"alert" | "crit" | "err" | "warning" | "notice" | "info"}`;

/** A message to a web service, sent by curl(1): address, rule and detection, nothing else. */
export interface Webhook {
  /** Where it goes: `"https://hooks.example.org/zopf"`. It is written into the script, which root alone can read. */
  readonly url: string;
  /**
   * `"json"` (default): `{"bundle":…,"address":…,"rule":…,"detection":…}`. `"slack"`: `{"text":…}`, which Slack,
   * Mattermost and Rocket.Chat show.
   */
  readonly body?: "json" | "slack";
}

/**
 * Tells somebody. What is handed on is the address, checked, the rule's id and the detection's name: never a
 * text that an attacker could have written. Sources on the never-block list are not told of, for OSSEC does not
 * run responses for them.
 */
export interface NotifyResponse<Name extends string> {
  /** Tells somebody. */
  readonly kind: "notify";
  /** What starts it. */
  readonly when: When<Name>;
  /** A line to syslog, by logger(1). Default without `run` and `webhook`: `"auth.notice"`. */
  readonly syslog?: SyslogPriority;
  /** A message to a web service, by curl(1), within ten seconds. */
  readonly webhook?: Webhook;
  /**
   * A program, by its absolute path, and arguments that never change. Behind them it gets three more: the
   * address, the rule's id, the detection's name (`-` for rules of others).
   */
  readonly run?: readonly [program: string, ...fixed: string[]];
  /** Where it runs; default `"sensor"`. */
  readonly where?: Where;
  /** As in `when`. */
  readonly alsoStockRules?: true;
}

export type Response<Name extends string = string> =
  | BlockResponse<Name>
  | LogResponse<Name>
  | NotifyResponse<Name>;
