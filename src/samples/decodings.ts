/** The ways in which a configuration can decode a line, and what a line needs for each. */
import type {
  DecoderDefinition,
  DecoderNode,
  EventType,
  FieldSlot,
  OrderField,
  PatternDefinition,
  Ruleset,
} from "../ossec/definitions.js";

/** A field by its slot, or `dynamic:` and its name in lower case. */
export type FieldKey = FieldSlot | `dynamic:${string}`;

export const dynamicKey = (name: string): FieldKey => `dynamic:${name.toLowerCase()}`;

export const fieldKey = (field: OrderField): FieldKey =>
  field.kind === "slot" ? field.slot : dynamicKey(field.name);

export interface Decoding {
  /** null: no decoder takes the line. */
  readonly top: DecoderDefinition | null;
  /** The child and the chain that it begins; the top-level decoder itself; or none. */
  readonly members: readonly DecoderDefinition[];
  /** As rules name it. */
  readonly name: string | null;
  readonly type: EventType;
  readonly programName: PatternDefinition | null;
  readonly hasProgram: boolean;
  readonly fields: ReadonlySet<FieldKey>;
  /** Any dynamic field can be had. */
  readonly json: boolean;
}

export const undecoded: Decoding = {
  top: null,
  members: [],
  name: null,
  type: "syslog",
  programName: null,
  hasProgram: false,
  fields: new Set(),
  json: false,
};

function decodingOf(
  top: DecoderDefinition,
  members: readonly DecoderDefinition[],
  hasProgram: boolean,
): Decoding {
  const [first = top] = members;
  const fields = new Set<FieldKey>();
  for (const { order, regex } of members)
    if (regex !== null) for (const field of order ?? []) fields.add(fieldKey(field));
  return {
    top,
    members,
    name: first.reportedName,
    type: first.type,
    programName: top.programName,
    hasProgram,
    fields,
    json: members.some(({ plugin }) => plugin === "JSON_Decoder"),
  };
}

function decodingsOf({ decoder, children }: DecoderNode, hasProgram: boolean): readonly Decoding[] {
  if (children.length === 0) return [decodingOf(decoder, [decoder], hasProgram)];
  const found: Decoding[] = [];
  for (let at = 0; at < children.length; at += 1) {
    const members: DecoderDefinition[] = [];
    for (let child = children[at]; child !== undefined; child = children[at]) {
      members.push(child);
      if (!child.getNext) break;
      at += 1;
    }
    found.push(decodingOf(decoder, members, hasProgram));
    // Members of a chain are tried one by one; each may match alone.
    for (const member of members)
      if (members.length > 1) found.push(decodingOf(decoder, [member], hasProgram));
  }
  found.push(decodingOf(decoder, [], hasProgram));
  return found;
}

/**
 * The decoding with those members of its chain only that capture one of the fields, and what they go on from: of a line
 * of names and values a decoder takes each by a member of its own, in any order.
 */
export function narrowed(decoding: Decoding, fields: ReadonlySet<FieldKey>): Decoding {
  const { top, members, hasProgram } = decoding;
  if (top === null || members.length < 2) return decoding;
  const kept: DecoderDefinition[] = [];
  let needed = false;
  for (const member of [...members].reverse()) {
    const isFirst = member === members[0];
    const captures = (member.order ?? []).some((field) => fields.has(fieldKey(field)));
    if (
      captures ||
      needed ||
      member.plugin !== null ||
      (isFirst && (kept.length === 0 || member.prematch !== null))
    )
      kept.unshift(member);
    needed = (captures || needed) && member.regexOffset === "after_regex";
  }
  return kept.length === members.length
    ? decoding
    : { ...decodingOf(top, kept, hasProgram), name: decoding.name };
}

/** All decodings of a configuration, by what rules ask for. */
export class Decodings {
  readonly #byName = new Map<string, Decoding[]>();
  readonly #byType = new Map<string, Decoding[]>();
  /** Top-level decoders in the order in which lines with and without a program name meet them. */
  readonly withProgram: readonly DecoderNode[];
  readonly withoutProgram: readonly DecoderNode[];

  constructor({ decoders }: Ruleset) {
    this.withProgram = decoders.withProgramName;
    this.withoutProgram = decoders.withoutProgramName;
    const all = [
      undecoded,
      ...decoders.withProgramName.flatMap((node) => decodingsOf(node, true)),
      ...decoders.withoutProgramName.flatMap((node) => decodingsOf(node, false)),
    ];
    for (const one of all) {
      if (one.name !== null) add(this.#byName, one.name, one);
      add(this.#byType, one.type, one);
    }
  }

  named(name: string): readonly Decoding[] {
    return this.#byName.get(name) ?? [];
  }

  ofType(type: string): readonly Decoding[] {
    return this.#byType.get(type) ?? [];
  }
}

function add(map: Map<string, Decoding[]>, key: string, one: Decoding): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [one]);
  else known.push(one);
}
