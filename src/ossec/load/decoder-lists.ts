/** The two lists of decoders and the children below them (decoders_list.c, docs/reference/ossec.md#decoder-selection). */
import type { DecoderDefinition, DecoderNode, DecoderSet, EventType } from "../definitions.js";
import type { DecoderSource } from "../source-map.js";
import type { XmlDocument, XmlElement } from "../xml/document.js";
import { codes } from "./codes.js";
import type { DecoderLanguage } from "./decoder-language.js";
import type { ProblemLog } from "./problems.js";

type Mutable<T> = { -readonly [Key in keyof T]: T[Key] };

/** A decoder while the lists are built. */
export interface DecoderDraft extends Mutable<DecoderDefinition> {
  type: EventType;
  /** What the engine looks at when it chains decoders of one name. */
  readonly has: {
    readonly programName: boolean;
    readonly prematch: boolean;
    readonly regex: boolean;
    readonly pcre2: boolean;
    readonly plugin: boolean;
  };
  readonly document: XmlDocument;
  readonly element: XmlElement;
}

interface Parent {
  readonly decoder: DecoderDraft;
  readonly children: DecoderDraft[];
  /** The children by name. */
  readonly byName: Map<string, DecoderDraft[]>;
}

export interface DecoderLists {
  readonly withProgramName: Parent[];
  readonly withoutProgramName: Parent[];
  readonly byName: Map<string, Parent[]>;
  readonly all: DecoderDraft[];
  /** Names that `<decoded_as>` may use. */
  readonly names: Set<string>;
  /** A decoder file could not be read to its end: missing decoders may be there. */
  incomplete: boolean;
}

export function createDecoderLists({ builtInNames }: DecoderLanguage): DecoderLists {
  return {
    withProgramName: [],
    withoutProgramName: [],
    byName: new Map(),
    all: [],
    names: new Set(builtInNames),
    incomplete: false,
  };
}

/** Adds a decoder to the lists; reports why it cannot be added and returns false. */
export function addDecoder(
  lists: DecoderLists,
  decoder: DecoderDraft,
  language: DecoderLanguage,
  problems: ProblemLog,
): boolean {
  if (decoder.parent === null) {
    const parent: Parent = { decoder, children: [], byName: new Map() };
    (decoder.has.programName ? lists.withProgramName : lists.withoutProgramName).push(parent);
    const sameName = lists.byName.get(decoder.name);
    if (sameName === undefined) lists.byName.set(decoder.name, [parent]);
    else sameName.push(parent);
    return true;
  }
  const parents = lists.byName.get(decoder.parent) ?? [];
  for (const parent of parents) if (!addChild(parent, decoder, language, problems)) return false;
  return parents.length > 0;
}

function addChild(
  parent: Parent,
  decoder: DecoderDraft,
  { pluginsInChains }: DecoderLanguage,
  problems: ProblemLog,
): boolean {
  const chain = parent.byName.get(decoder.name) ?? [];
  const at = decoder.element.content;
  let follows = false;
  for (const earlier of chain) {
    const matches = earlier.has.prematch || earlier.has.regex || earlier.has.pcre2;
    if (matches && decoder.regexOffset !== "none") follows = true;
    if (decoder.has.prematch) {
      problems.report(
        codes.decoderShape,
        at,
        `a second decoder "${decoder.name}" below one parent continues the first and may have no prematch`,
        { engineMessage: 2102 },
      );
      return false;
    }
    if (decoder.fts.length > 0) {
      problems.report(
        codes.decoderShape,
        at,
        `a second decoder "${decoder.name}" below one parent continues the first and may have no fts`,
        { engineMessage: 2103 },
      );
      return false;
    }
    const { plugin } = decoder.has;
    if (
      pluginsInChains
        ? (earlier.has.regex || earlier.has.plugin) && (decoder.has.regex || plugin)
        : (earlier.has.regex && decoder.has.regex) || (earlier.has.pcre2 && decoder.has.pcre2)
    ) {
      earlier.getNext = true;
    } else {
      problems.report(
        codes.decoderShape,
        at,
        `a second decoder "${decoder.name}" below one parent continues the first, so both need a regex (or both a ${pluginsInChains ? "plugin_decoder" : "pcre2"})`,
        { engineMessage: 2104 },
      );
      return false;
    }
  }
  if (decoder.regexOffset === "after_regex" && !follows) return misplacedOffset(decoder, problems);
  parent.children.push(decoder);
  if (chain.length > 0) chain.push(decoder);
  else parent.byName.set(decoder.name, [decoder]);
  return true;
}

function misplacedOffset(decoder: DecoderDraft, problems: ProblemLog): boolean {
  problems.report(
    codes.decoderOffset,
    decoder.element.content,
    'offset="after_regex" needs an earlier decoder of the same name below the same parent',
    { engineMessage: 2120 },
  );
  return false;
}

/** Without what only loading needs, and with the name that is reported: children report their parent's. */
function define({ has, document, element, ...draft }: DecoderDraft, numbered: boolean): DecoderDefinition {
  const { name, parent, useOwnName } = draft;
  return { ...draft, reportedName: numbered && !useOwnName ? (parent ?? name) : name };
}

function writtenDecoder({ element }: DecoderDraft): DecoderSource {
  const { opening, attributes, children } = element;
  return { place: opening, namePlace: attributes[0]?.valuePlace ?? opening, attributes, elements: children };
}

/**
 * The lists as the engine runs them, and where they are written.
 *
 * @param whole - these are all decoders that there are
 */
export function finishDecoders(
  lists: DecoderLists,
  whole: boolean,
): {
  readonly decoders: DecoderSet;
  readonly written: readonly DecoderSource[];
} {
  const numbered = !whole || lists.withoutProgramName.length > 0;
  const all = lists.all.map((draft) => define(draft, numbered));
  const definitions = (drafts: readonly DecoderDraft[]): readonly DecoderDefinition[] =>
    drafts.flatMap(({ index }) => all[index] ?? []);
  const nodes = (parents: readonly Parent[]): readonly DecoderNode[] =>
    parents.flatMap(({ decoder, children }) =>
      definitions([decoder]).map((one) => ({ decoder: one, children: definitions(children) })),
    );
  const { withProgramName, withoutProgramName } = lists;
  return {
    decoders: {
      withProgramName: nodes(withProgramName),
      withoutProgramName: nodes(withoutProgramName),
      all,
      numbered,
    },
    written: lists.all.map(writtenDecoder),
  };
}
