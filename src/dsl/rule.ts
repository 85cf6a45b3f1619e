import type { Duration } from "./duration.js";

/** Rule levels: 0 never alerts, 15 is the highest in use, 16 the highest that Wazuh takes. */
export type Level = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9 | 10 | 11 | 12 | 13 | 14 | 15 | 16;

/** What people can read about a rule. */
export type RuleInfo =
  | {
      /** A sentence or two. */
      readonly text: string;
    }
  | {
      /** Where more stands: `"https://example.org/what-to-do"`. */
      readonly link: string;
    }
  | {
      /** `"2003-0282"`, `"CVE-2003-0282"`. */
      readonly cve: string;
    };

/** What a rule says and does beside its level. */
export interface RuleText {
  /** One line of text, shown in alerts. */
  readonly description: string;
  /** Group names; they come out as OSSEC wants them, each followed by a comma. */
  readonly groups?: readonly string[];
  /**
   * A fixed rule id, 1 to 999,999; ids of new rules are 100,000 to 119,999, for below lie the stock rules. Without it,
   * zopf chooses one and keeps it in `zopf.lock.json`.
   */
  readonly id?: number;
  /** The rule takes the place of the host's rule of that `id`: it stays below the parents that it has. */
  readonly overwrite?: true;
  /** What people can read about it. */
  readonly info?: readonly RuleInfo[];
  /** Techniques of MITRE ATT&CK: `["T1110.001"]`. Wazuh alone knows them. */
  readonly mitre?: readonly string[];
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
  /**
   * Codes of findings of `zopf lint` about this rule that are known and are to stay, as an import notes them of rules
   * that were there already: `["OSSEC-SID-TARGET-STARVES-GROUP"]`. `check` shows them no more; what the engine would
   * refuse is shown nevertheless.
   */
  readonly accept?: readonly string[];
  /** `false`: no response is ever bound to this rule, whoever's it is. */
  readonly respond?: false;
  /** `false`: alerts do not hold the whole line. Wazuh alone. */
  readonly fullLog?: false;
}

/** The OSSEC rule that decides about a detection's notices. */
export interface Rule extends RuleText {
  /** How grave it is, 0 to 15: OSSEC alerts from 1 up unless told otherwise, mails from 7. */
  readonly level: Level;
}
