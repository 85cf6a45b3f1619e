/** What the rules on one way through the tree ask of a line, together. */
import type { AddressEntry } from "../ossec/addresses/address.js";
import type {
  ListCondition,
  PatternDefinition,
  RuleDefinition,
  TextDefinition,
} from "../ossec/definitions.js";
import { dynamicKey, type FieldKey } from "./decodings.js";

/** A field; `user` is whichever of the two user fields rules look at. */
export type WantedField = FieldKey | "user";

export interface FieldTest {
  readonly pattern: PatternDefinition | TextDefinition;
  /** The field's text must not meet the pattern. */
  readonly excluded: boolean;
}

export interface Wanted {
  /** From the root to the rule that is to answer. */
  readonly path: readonly RuleDefinition[];
  readonly category: string;
  readonly decodedAs: string | null;
  readonly log: readonly PatternDefinition[];
  readonly programName: readonly PatternDefinition[];
  readonly hostname: readonly PatternDefinition[];
  readonly location: readonly PatternDefinition[];
  readonly fields: ReadonlyMap<WantedField, readonly FieldTest[]>;
  /** Each list holds the address, or does not. */
  readonly addresses: { readonly srcip: readonly Addresses[]; readonly dstip: readonly Addresses[] };
  readonly lists: readonly ListCondition[];
  readonly compiled: readonly string[];
  /** Bytes of the message. */
  readonly leastBytes: number;
}

export type Addresses = readonly AddressEntry[];

const patternFields = [
  ["idPattern", "id"],
  ["systemName", "systemname"],
  ["protocol", "protocol"],
  ["action", "action"],
  ["url", "url"],
  ["srcport", "srcport"],
  ["dstport", "dstport"],
  ["user", "user"],
  ["data", "data"],
  ["extraData", "extradata"],
  ["status", "status"],
] as const;

type FieldTests = readonly (readonly [WantedField, PatternDefinition | TextDefinition])[];

const known = new WeakMap<RuleDefinition, FieldTests>();

/** The tests of a rule on fields, by field. */
export function fieldTests(rule: RuleDefinition): FieldTests {
  const tests = known.get(rule) ?? findTests(rule);
  known.set(rule, tests);
  return tests;
}

function findTests(rule: RuleDefinition): FieldTests {
  const found: (readonly [WantedField, PatternDefinition | TextDefinition])[] = [];
  for (const [member, field] of patternFields) {
    const pattern = rule[member];
    if (pattern !== null) found.push([field, pattern]);
  }
  for (const { name, pattern } of rule.fields) found.push([dynamicKey(name), pattern]);
  return found;
}

/** Null: no line meets them all. */
export function wantedOf(path: readonly RuleDefinition[]): Wanted | null {
  const fields = new Map<WantedField, FieldTest[]>();
  const names = new Set<string>();
  const log: PatternDefinition[] = [];
  const programName: PatternDefinition[] = [];
  const hostname: PatternDefinition[] = [];
  const location: PatternDefinition[] = [];
  const srcip: Addresses[] = [];
  const dstip: Addresses[] = [];
  const compiled: string[] = [];
  let leastBytes = 0;
  for (const rule of path) {
    if (rule.srcgeoip !== null || rule.dstgeoip !== null) return null;
    if (rule.decodedAs !== null) names.add(rule.decodedAs);
    if (rule.match !== null) log.push(rule.match);
    if (rule.regex !== null) log.push(rule.regex);
    if (rule.programName !== null) programName.push(rule.programName);
    if (rule.hostname !== null) hostname.push(rule.hostname);
    if (rule.location !== null) location.push(rule.location);
    if (rule.srcip.length > 0) srcip.push(rule.srcip);
    if (rule.dstip.length > 0) dstip.push(rule.dstip);
    if (rule.compiledRule !== null) compiled.push(rule.compiledRule);
    leastBytes = Math.max(leastBytes, rule.maxsize);
    for (const [field, pattern] of fieldTests(rule)) {
      const tests = fields.get(field) ?? [];
      tests.push({ pattern, excluded: false });
      fields.set(field, tests);
    }
  }
  const [decodedAs = null] = names;
  if (names.size > 1) return null;
  return {
    path,
    category: path[0]?.category ?? "syslog",
    decodedAs,
    log,
    programName,
    hostname,
    location,
    fields,
    addresses: { srcip, dstip },
    lists: path.flatMap((rule) => rule.lists),
    compiled,
    leastBytes,
  };
}
