/** A rule while it is loaded. */

import type { AddressEntry } from "../addresses/address.js";
import type {
  Correlation,
  FieldCondition,
  IgnoreField,
  ListCondition,
  MitreReference,
  PatternDefinition,
  RuleCategory,
  RuleDefinition,
  RuleInfoDetail,
  RuleNode,
  TextDefinition,
  TimeRange,
  WeekdaySet,
} from "../definitions.js";
import type { PatternMember } from "../pattern-members.js";
import type { XmlDocument, XmlElement } from "../xml/document.js";
import type { SourceRange } from "../xml/source.js";

export type Patterns = { readonly [Member in PatternMember]: PatternDefinition | null };

export type MutablePatterns = { -readonly [Member in PatternMember]: Patterns[Member] };

/** Shared by all rules without patterns; to be replaced, never changed. */
export const noPatterns: Patterns = {
  programName: null,
  idPattern: null,
  systemName: null,
  protocol: null,
  match: null,
  regex: null,
  url: null,
  location: null,
  srcport: null,
  dstport: null,
  user: null,
  srcgeoip: null,
  dstgeoip: null,
  data: null,
  extraData: null,
  hostname: null,
  status: null,
};

/** Shared by everything that holds nothing. */
export const nothing: readonly never[] = [];

/** Shared by all rules that compare nothing; to be replaced, never changed. */
export const noCorrelation: Correlation = {
  same: nothing,
  different: nothing,
  sameFields: nothing,
  differentFields: nothing,
  global: false,
};

/** What `overwrite="yes"` replaces (docs/reference/ossec.md#place-in-the-tree), all of it together. */
export interface Replaceable {
  /** As the tree sorts it: times 100, 9900 for 0; not multiplied with accuracy 0. */
  treeLevel: number;
  maxsize: number;
  frequency: number;
  timeframe: number;
  ignore: number;
  group: string;
  description: string | null;
  cve: string | null;
  plain: Patterns;
  /** Some element asks for an address or a port, in whatever form: only then are those asked for at all. */
  asksAddresses: boolean;
  /** The same of user, time, weekday, host, status, extra data, geoip, maxsize and check_diff. */
  asksFurther: boolean;
  time: TimeRange | null;
  weekday: WeekdaySet | null;
  srcip: readonly AddressEntry[];
  dstip: readonly AddressEntry[];
  action: PatternDefinition | TextDefinition | null;
  decodedAs: string | null;
  compiledRule: string | null;
  ifMatchedSid: number;
  ifMatchedGroup: PatternDefinition | null;
  ifMatchedRegex: PatternDefinition | null;
  context: boolean;
  correlation: Correlation;
  checkDiff: boolean;
  ifFts: boolean;
  noalert: boolean;
  mail: boolean;
  log: boolean;
  noActiveResponse: boolean;
  noFullLog: boolean;
  noCounter: boolean;
  activeResponses: readonly number[];
}

/** Which events a composite was bound to search. */
export type BoundSearch =
  /** Those of one rule; `found`: it was there. */
  | { readonly kind: "sid"; readonly sid: number; readonly found: boolean }
  | { readonly kind: "group" }
  | { readonly kind: "events" };

export interface RuleDraft {
  readonly id: number;
  readonly accuracy: number;
  readonly overwrite: boolean;
  category: RuleCategory;
  data: Replaceable;
  /** The `_pcre2` forms: an overwrite does not touch them. */
  pcre2: Patterns;
  fields: readonly FieldCondition[];
  lists: readonly ListCondition[];
  ignoreFields: readonly IgnoreField[];
  checkIfIgnored: readonly IgnoreField[];
  info: readonly RuleInfoDetail[];
  mitre: MitreReference | null;
  ifSid: string | null;
  ifLevel: string | null;
  ifGroup: string | null;
  /** Nodes in the tree. */
  nodes: TreeNode[];
  /** What it becomes; null: not yet. */
  definition: RuleDefinition | null;
  /** What it searches, bound when it was loaded: an overwrite changes neither the kind nor the list. */
  bound: BoundSearch | null;
  feedsSidList: boolean;
  /** Null until it feeds one. */
  feedsGroupListsOf: number[] | null;
  lastEventsOf: RuleDraft | null;
  refused: boolean;
  /** The engine goes on without it: it is in no tree. */
  leftOut: boolean;
  readonly document: XmlDocument;
  readonly element: XmlElement;
  readonly idPlace: SourceRange;
  overwrites: readonly RuleDraft[];
}

/** A place in the tree. */
export interface TreeNode {
  readonly rule: RuleDraft;
  readonly parent: TreeNode | null;
  readonly depth: number;
  /** Null until there is one. */
  children: Siblings | null;
  /** The run of siblings that it stands in. */
  run: SiblingRun;
  /** What it becomes; null: not yet. */
  finished: RuleNode | null;
}

/** Siblings of equal level that stand together. */
export interface SiblingRun {
  readonly level: number;
  nodes: TreeNode[];
}

/** Nodes below one parent, in order. */
export interface Siblings {
  readonly runs: SiblingRun[];
}
