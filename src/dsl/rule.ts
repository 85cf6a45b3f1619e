import type { Duration } from "./duration.js";

/** OSSEC rule levels: 0 never alerts, 15 is the highest in use. */
export type Level = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15;

/** What a rule says and does beside its level. */
export interface RuleText {
  /** One line of text, shown in alerts. */
  readonly description: string;
  /** Group names; they come out as OSSEC wants them, each followed by a comma. */
  readonly groups?: readonly string[];
  /** A fixed rule id (100000-119999). Without it, zopf chooses one and keeps it in `zopf.lock.json`. */
  readonly id?: number;
  /**
   * OSSEC's own mail: `true` for every alert of this rule, `false` for none; left out, the host's
   * `email_alert_level` decides (7 as shipped). Nothing is mailed where ossec.conf's `<global>` does not say
   * `email_notification` yes.
   */
  readonly mail?: boolean;
  /**
   * Whether its alerts are written to alerts.log; left out, the host's `log_alert_level` decides (1 as shipped).
   * Responses and bursts do not depend on it.
   */
  readonly log?: boolean;
  /**
   * After an alert the rule is silent for so long, for everybody, not only for the source of the alert; what it
   * silences starts no response and is counted by nobody. Whole seconds, at most 999,999 (11 days).
   */
  readonly ignore?: Duration;
  /** `false`: no response is ever bound to this rule, whoever's it is. */
  readonly respond?: false;
}

/** The OSSEC rule that decides about a detection's notices. */
export interface Rule extends RuleText {
  /** How grave it is, 0 to 15: OSSEC alerts from 1 up unless told otherwise, mails from 7. */
  readonly level: Level;
}
