import type { EventConditions, LineCondition, Moments } from "./conditions.js";
import type { Level, RuleText } from "./rule.js";

/** The rules whose events a rule looks at. */
export type RuleParent =
  | {
      /** Ids of rules that are there already; each gets the rule below it. */
      readonly rules: readonly number[];
      /** And detections of this bundle. */
      readonly detection?: string | readonly string[];
    }
  | {
      /** Every rule of that group that is loaded before. OSSEC finds the name in longer ones too: `web` in `webmail`. */
      readonly group: string;
    }
  | {
      /** Name of a detection of this bundle, or several; each gets the rule below it. */
      readonly detection: string | readonly string[];
      /** Ids of rules stand before it. */
      readonly rules?: never;
    };

/** What becomes of the events. */
export type RuleEffect =
  | {
      /** Graver than they were: this level. */
      readonly raise: Level;
    }
  | {
      /** Less grave than they were: this level. */
      readonly lower: Level;
    }
  | {
      /** This level, whatever they had, 1 or more. */
      readonly level: Level;
    }
  | {
      /**
       * No alert: level 0. They are not kept either: nothing counts them, no rule beside this one sees them, and
       * they start no response. `zopf check --with HOME` lists what is lost.
       */
      readonly silence: true;
    }
  | {
      /**
       * Nothing by itself: the rule is there for those below it, and what none of them takes goes on to the rules beside
       * it. The level says when it is tried among these: 0 before all, else the higher the sooner.
       */
      readonly onlyParent: Level;
    };

/**
 * A rule about rules that exist: it takes those of their events that meet its conditions, and gives them another
 * level, text and groups. Without `under` it looks at all lines of its category.
 */
export interface RuleDetection extends Moments {
  /** A rule below rules that exist. */
  readonly kind: "rule";
  /** `[A-Z][A-Za-z0-9_]*`, unique in the bundle. */
  readonly name: string;
  /** Whose events it looks at; without it all lines of its category are (`where: { category: "web-log" }`). */
  readonly under?: RuleParent;
  /** Which of them; all without it. */
  readonly where?: EventConditions;
  /** A condition on the message as a whole, or two that must both be met. */
  readonly match?: LineCondition | readonly LineCondition[];
  /** Only what is seen for the first time of what the decoder remembers (its `<fts>`). */
  readonly firstTime?: true;
  /** What becomes of them. */
  readonly effect: RuleEffect;
  /**
   * Lines that must lead to this rule. Below a detection of the bundle they run at every build; below other rules
   * where these are at hand: `zopf check --with HOME`, `zopf deploy`.
   */
  readonly samples?: readonly string[];
  /** Lines that must not. */
  readonly notSamples?: readonly string[];
  /** What it says, and in which groups it is. */
  readonly rule: RuleText & {
    /** Said by `effect`. */
    readonly level?: never;
  };
}
