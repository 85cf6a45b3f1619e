/** What a decoder needs of a line's message, as trees that the message has to match from beginning to end. */

import type { DecoderDefinition, PatternDefinition } from "../ossec/definitions.js";
import { type PatternNode, sequenceOf } from "../ossec/patterns/ast.js";
import { anything } from "./automaton.js";
import { type Decoding, type FieldKey, fieldKey } from "./decodings.js";
import { behind, groupsOf, jsonText, literal, withGroups } from "./trees.js";
import type { Patterns } from "./values.js";

/** Something of a message, from its beginning on. */
type Prefix = readonly PatternNode[];

/** Where the words that rules ask for may stand in a JSON text: in a member of their own, or as members. */
export type JsonRoom = "text" | "members";

function escaped(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** Members by their paths, nested. */
interface Members extends Map<string, Members | string> {}

function jsonOf(values: ReadonlyMap<FieldKey, string>): string {
  const root: Members = new Map();
  for (const [key, text] of values) {
    const path = key.startsWith("dynamic:") ? key.slice("dynamic:".length).split(".") : [slotName(key)];
    let at = root;
    for (const name of path.slice(0, -1)) {
      const known = at.get(name);
      const next: Members = known === undefined || typeof known === "string" ? new Map() : known;
      at.set(name, next);
      at = next;
    }
    at.set(path.at(-1) ?? "", text);
  }
  const write = (members: Members): string =>
    [...members]
      .map(
        ([name, value]) =>
          `"${escaped(name)}":${typeof value === "string" ? `"${escaped(value)}"` : `{${write(value)}}`}`,
      )
      .join(",");
  return write(root);
}

function slotName(key: string): string {
  return key === "extradata" ? "extra_data" : key;
}

/** A JSON object with the fields, and room for more. */
function jsonNode(values: ReadonlyMap<FieldKey, string>, room: JsonRoom): PatternNode {
  const members = jsonOf(values);
  if (room === "text")
    return sequenceOf([
      literal(`{${members}${members === "" ? "" : ","}"message":"`),
      jsonText,
      literal('"}'),
    ]);
  return sequenceOf([literal(`{${members}${members === "" ? "" : ","}`), anything, literal("}")]);
}

/** Collects what has to be met. */
class SkeletonWriter {
  readonly wholes: PatternNode[] = [];
  readonly #prefixes: Prefix[] = [];
  readonly #patterns: Patterns;

  constructor(patterns: Patterns) {
    this.#patterns = patterns;
  }

  /** The prefix with the pattern behind it, fields in the place of groups; null: it cannot be read. */
  after(
    prefix: Prefix,
    pattern: PatternDefinition,
    order: DecoderDefinition["order"],
    values: ReadonlyMap<FieldKey, string>,
  ): Prefix | null {
    const read = this.#patterns.read(pattern);
    if (read === null || read.negated) return null;
    const texts = new Map<number, string>();
    if (values.size > 0) {
      for (const { index, place } of groupsOf(read.root)) {
        const field = order?.[place];
        const text = field === undefined ? undefined : values.get(fieldKey(field));
        if (text !== undefined) texts.set(index, text);
      }
    }
    const longer = [...prefix, behind(withGroups(read.root, (group) => texts.get(group)))];
    this.#prefixes.push(longer);
    return longer;
  }

  /** Prefixes that no longer one contains, as trees. */
  trees(): readonly PatternNode[] {
    const longest = this.#prefixes.filter(
      (one) =>
        !this.#prefixes.some(
          (other) => other.length > one.length && one.every((node, at) => other[at] === node),
        ),
    );
    return [...this.wholes, ...longest.map((prefix) => sequenceOf([...prefix, anything]))];
  }
}

const none: ReadonlyMap<FieldKey, string> = new Map();

/** Null: one of its patterns cannot be read. */
export function skeletonOf(
  decoding: Decoding,
  values: ReadonlyMap<FieldKey, string>,
  patterns: Patterns,
  room: JsonRoom,
): readonly PatternNode[] | null {
  const { top, members } = decoding;
  if (top === null) return [anything];
  const writer = new SkeletonWriter(patterns);
  let parent: Prefix = [];
  if (top.prematch !== null) {
    const first = writer.after([], top.prematch, null, none);
    if (first === null) return null;
    parent = first;
  }
  let prematched: Prefix = parent;
  let last: Prefix | null = null;
  for (const member of members) {
    if (member !== top && member === members[0] && member.prematch !== null) {
      const next = writer.after(
        member.prematchOffset === "after_parent" ? parent : [],
        member.prematch,
        null,
        none,
      );
      if (next === null) return null;
      prematched = next;
    }
    const places = {
      none: [],
      after_parent: parent,
      after_prematch: prematched,
      after_regex: last ?? prematched,
    };
    if (member.plugin === "JSON_Decoder")
      writer.wholes.push(sequenceOf([...places[member.pluginOffset], jsonNode(values, room)]));
    else if (member.regex !== null) {
      const next: Prefix | null = writer.after(
        places[member.regexOffset],
        member.regex,
        member.order,
        values,
      );
      if (next === null) return null;
      last = next;
    }
  }
  const trees = writer.trees();
  return trees.length === 0 ? [anything] : trees;
}
