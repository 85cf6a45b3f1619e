/** How rules are written in a dialect: what its loader knows, as data. OSSEC's is in ossec-rules.ts, Wazuh's in wazuh/load/. */
import type { AddressEntry } from "../addresses/address.js";
import type { EventSearch } from "../definitions.js";
import type { XmlElement } from "../xml/document.js";
import type { ProblemLog } from "./problems.js";
import type { AttributeReader } from "./rule-attributes.js";
import type { Patterns, RuleDraft } from "./rule-draft.js";
import type { RuleReading } from "./rule-reading.js";

/** Reads an element into the rule that is read. */
export type ElementReader = (reading: RuleReading, child: XmlElement) => void;

export interface RuleLanguage {
  /** By name in lower case. */
  readonly attributes: ReadonlyMap<string, AttributeReader>;
  /** By name in lower case. */
  readonly elements: ReadonlyMap<string, ElementReader>;
  /** Elements whose letter case counts. */
  readonly exactElements: ReadonlyMap<string, ElementReader>;
  /** An entry of `<srcip>`; null: it is none. */
  readonly parseAddress: (text: string) => AddressEntry | null;
  /** What is asked of a rule when all its elements are read, beyond what every dialect asks. */
  readonly check: (reading: RuleReading) => void;
  /** What becomes of a rule whose parent, group or level nobody has, and of a second one of an id. */
  readonly withoutPlace: "refused" | "left-out";
  /** `overwrite="yes"` without such a rule. */
  readonly nothingToOverwrite: "refused" | "added";
  /** Puts what `overwrite="yes"` replaces into the old rule, and says what it does not replace. */
  readonly overwrite: (old: RuleDraft, by: RuleDraft, problems: ProblemLog) => void;
  /** The `if_matched_sid` of an overwrite makes its target feed a list. */
  readonly overwriteMarksTarget: boolean;
  /** The loader dies of a broken pattern of a port in a rule without an id. */
  readonly diesOfBrokenPort: boolean;
  /** The patterns that are tested. */
  readonly patternsOf: (rule: RuleDraft) => Patterns;
  /** What the rule searches; null: it is no composite. */
  readonly searchOf: (rule: RuleDraft) => EventSearch | null;
}
