/** How events can come out of the decoders: with which name, type and fields. */
import type { DecoderDefinition, DecoderSet, EventType, FieldSlot } from "../ossec/definitions.js";
import type { EngineDialect } from "../ossec/dialect.js";

/** An event as decoders can leave it. */
export interface Outcome {
  readonly name: string | null;
  /** The decoder that decoded last; null: no decoder took the line. */
  readonly decoder: DecoderDefinition | null;
  readonly type: EventType;
  /** The top-level decoder that took the line; null: none, or one that the engine brings along. */
  readonly top: DecoderDefinition | null;
  /** What may be filled. */
  readonly slots: ReadonlySet<FieldSlot>;
  /** Names of dynamic fields in lower case. */
  readonly dynamic: ReadonlySet<string>;
  /** The last decoder has no `<order>`: a `<field>` kills the engine. */
  readonly orderless: boolean;
  /** A built-in or plugin decoder: it may fill anything. */
  readonly opaque: boolean;
  /** Of syscheck, rootcheck or hostinfo, which fill no address. */
  readonly builtIn: boolean;
}

const noSlots: ReadonlySet<FieldSlot> = new Set();
const noNames: ReadonlySet<string> = new Set();

function outcome(
  name: string,
  decoder: DecoderDefinition,
  chain: readonly DecoderDefinition[],
  top: DecoderDefinition = decoder,
): Outcome {
  const slots = new Set<FieldSlot>();
  const dynamic = new Set<string>();
  for (const { order } of chain) {
    for (const field of order ?? []) {
      if (field.kind === "slot") slots.add(field.slot);
      else dynamic.add(field.name.toLowerCase());
    }
  }
  return {
    name,
    decoder,
    type: decoder.type,
    top,
    slots,
    dynamic,
    orderless: decoder.order === null && decoder.plugin === null,
    opaque: chain.some(({ plugin }) => plugin !== null),
    builtIn: false,
  };
}

/** Children that are tried at all: those behind the chain of the first one without prematch are not. */
export interface ChildChains {
  readonly chains: readonly (readonly DecoderDefinition[])[];
  readonly unreachable: readonly DecoderDefinition[];
  /** The child that takes everything; null: none. */
  readonly taker: DecoderDefinition | null;
}

export function childChains(children: readonly DecoderDefinition[]): ChildChains {
  const chains: DecoderDefinition[][] = [];
  let taker: DecoderDefinition | null = null;
  let at = 0;
  while (at < children.length && taker === null) {
    const chain: DecoderDefinition[] = [];
    for (let child = children[at]; child !== undefined; child = children[at]) {
      chain.push(child);
      at += 1;
      if (!child.getNext) break;
    }
    chains.push(chain);
    const first = chain[0];
    if (first !== undefined && first.prematch === null) taker = first;
  }
  return { chains, unreachable: children.slice(at), taker };
}

const undecoded: Outcome = {
  name: null,
  decoder: null,
  type: "syslog",
  top: null,
  slots: noSlots,
  dynamic: noNames,
  orderless: true,
  opaque: false,
  builtIn: false,
};

export interface Outcomes {
  readonly all: readonly Outcome[];
  /** Those that carry the name; null: no decoder was asked for. */
  named(name: string | null): readonly Outcome[];
}

/** @param decodedBy - what makes a child the decoder of the event: its prematch, or that its regex was run */
export function outcomesOf(decoders: DecoderSet, decodedBy: EngineDialect["decodedBy"]): Outcomes {
  const all: Outcome[] = [undecoded];
  for (const { decoder, children } of [...decoders.withProgramName, ...decoders.withoutProgramName]) {
    if (children.length === 0) {
      all.push(outcome(decoder.reportedName, decoder, [decoder]));
      if (decoder.order !== null) all.push(outcome(decoder.reportedName, decoder, []));
      continue;
    }
    // The parent's own regex is not run when it has children.
    all.push(outcome(decoder.reportedName, decoder, []));
    for (const chain of childChains(children).chains) {
      if (decodedBy === "regex") {
        for (const member of chain) all.push(outcome(member.reportedName, member, chain, decoder));
        continue;
      }
      const [first] = chain;
      if (first === undefined) continue;
      const reported = first.prematch === null ? decoder : first;
      all.push(outcome(reported.reportedName, reported, chain, decoder));
    }
  }
  const byName = new Map<string, Outcome[]>();
  for (const one of all) {
    if (one.name === null) continue;
    const known = byName.get(one.name);
    if (known === undefined) byName.set(one.name, [one]);
    else known.push(one);
  }
  return { all, named: (name) => (name === null ? all : (byName.get(name) ?? [])) };
}
