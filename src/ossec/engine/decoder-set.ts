/** Decoders made runnable: compiled patterns, and the state that the engine keeps in them. */

import type { DecoderDefinition, DecoderNode, DecoderSet, FtsField } from "../definitions.js";
import type { EngineDialect } from "../dialect.js";
import type { Matcher } from "../patterns/index.js";
import type { RuntimeEventType } from "./event.js";
import { type LogMatcher, logMatcher } from "./log-matcher.js";
import { ownText } from "./own-text.js";
import type { PatternCompiler } from "./patterns.js";
import type { Prefilters } from "./prefilters.js";
import type { ChildList } from "./rule-tree.js";

export interface RuntimeDecoder {
  /** null: the engine's own decoder of events that no decoder took. */
  readonly definition: DecoderDefinition | null;
  /** As the engine ends up with it: children have their parent's. */
  readonly name: string | null;
  /** As logtest prints it: versions before 4.3 print the top-level decoder's. */
  readonly printedName: string | null;
  /** What `decoded_as` compares; null: it is never met. */
  readonly identity: string | null;
  readonly accumulate: boolean;
  /** From 0, unique in its engine. */
  readonly number: number;
  /** The plugin decoders change it, for all events of the decoder at once. */
  type: RuntimeEventType;
  readonly programName: Matcher | null;
  readonly prematch: LogMatcher | null;
  /** Wazuh keeps what its prematch captures until a regex takes it. */
  readonly prematchCaptures: boolean;
  readonly regex: LogMatcher | null;
  /** Wazuh: it captures nothing itself, and takes what is left of another pattern's captures. */
  readonly takesCaptured: boolean;
  readonly fts: ReadonlySet<FtsField>;
  /** Dynamic field names by place in `<order>`, lower case; null: no `<order>`. */
  readonly dynamicNames: readonly (string | null)[] | null;
}

export interface RuntimeDecoderNode {
  readonly decoder: RuntimeDecoder;
  readonly children: readonly RuntimeDecoder[];
}

export interface RuntimeDecoders {
  /** {@link programOf}'s memory. */
  readonly programs: Map<string, KnownProgram>;
  readonly withProgramName: readonly RuntimeDecoderNode[];
  readonly withoutProgramName: readonly RuntimeDecoderNode[];
  /** {@link decodersFor}'s memory. */
  readonly byFirstByte: (readonly RuntimeDecoderNode[] | undefined)[];
  /** Of events that no decoder took. */
  readonly none: RuntimeDecoder;
  /** The engine dies of every line: there are neither decoders for lines with a program name nor for others. */
  readonly missing: boolean;
}

const noFts: ReadonlySet<FtsField> = new Set();

const isPcre2 = (pattern: LogMatcher | null): pattern is LogMatcher => pattern?.matcher.language === "pcre2";

function runtimeDecoder(
  definition: DecoderDefinition,
  { numbered }: DecoderSet,
  dialect: EngineDialect,
  compiler: PatternCompiler,
  prefilters: Prefilters,
): RuntimeDecoder {
  const { order, reportedName } = definition;
  const prematch = logMatcher(compiler.compile(definition.prematch), prefilters);
  const regex = logMatcher(compiler.compile(definition.regex), prefilters);
  return {
    definition,
    name: reportedName,
    printedName:
      dialect.printedDecoder === "reported" ? reportedName : (definition.parent ?? definition.name),
    identity: numbered ? reportedName : null,
    accumulate: definition.accumulate,
    number: definition.index + 1,
    type: definition.type,
    programName: definition.parent === null ? compiler.compile(definition.programName) : null,
    prematch,
    prematchCaptures: dialect.keepsCaptures && isPcre2(prematch) && prematch.matcher.groups > 0,
    regex,
    takesCaptured: dialect.keepsCaptures && isPcre2(regex) && regex.matcher.groups === 0,
    fts: definition.fts.length === 0 ? noFts : new Set(definition.fts),
    dynamicNames:
      order === null
        ? null
        : order.map((field) => (field.kind === "dynamic" ? field.name.toLowerCase() : null)),
  };
}

/** What depends on nothing but a line's program name, worked out once for each. */
export interface KnownProgram {
  readonly name: string;
  /** The decoders whose program name matches, in order. */
  readonly decoders: readonly RuntimeDecoderNode[];
  /** `childrenFor`'s memory, by the number of what is asked for. */
  readonly children: (ChildList | undefined)[];
}

/** So many program names are remembered. */
const programLimit = 1024;

const newProgram = (decoders: RuntimeDecoders, name: string): KnownProgram => ({
  name,
  decoders: decoders.withProgramName.filter(({ decoder }) => decoder.programName?.test(name) !== false),
  children: [],
});

/** What is known of a program. */
export function programOf(decoders: RuntimeDecoders, name: string): KnownProgram {
  let known = decoders.programs.get(name);
  if (known === undefined) {
    known = newProgram(decoders, ownText(name));
    if (decoders.programs.size >= programLimit) decoders.programs.clear();
    decoders.programs.set(known.name, known);
  }
  return known;
}

/**
 * The decoders of lines without a program name that may take one: the prematch of the others begins otherwise.
 *
 * @param log - not empty
 */
export function decodersFor(decoders: RuntimeDecoders, log: string): readonly RuntimeDecoderNode[] {
  const code = log.charCodeAt(0);
  let known = decoders.byFirstByte[code];
  if (known === undefined) {
    known = decoders.withoutProgramName.filter(({ decoder }) => decoder.prematch?.mayBegin(code) !== false);
    decoders.byFirstByte[code] = known;
  }
  return known;
}

/** Compiles the decoders. A decoder that stands in several places stays one object, as in the engine. */
export function runtimeDecoders(
  set: DecoderSet,
  dialect: EngineDialect,
  compiler: PatternCompiler,
  prefilters: Prefilters,
): RuntimeDecoders {
  const known = new Map<DecoderDefinition, RuntimeDecoder>();
  const runtime = (definition: DecoderDefinition): RuntimeDecoder => {
    const made = known.get(definition) ?? runtimeDecoder(definition, set, dialect, compiler, prefilters);
    known.set(definition, made);
    return made;
  };
  const node = ({ decoder, children }: DecoderNode): RuntimeDecoderNode => ({
    decoder: runtime(decoder),
    children: children.map(runtime),
  });
  return {
    programs: new Map(),
    withProgramName: set.withProgramName.map(node),
    withoutProgramName: set.withoutProgramName.map(node),
    byFirstByte: new Array<undefined>(256).fill(undefined),
    missing: !set.numbered && set.withProgramName.length === 0,
    none: {
      definition: null,
      name: null,
      printedName: null,
      identity: null,
      accumulate: false,
      number: 0,
      type: "syslog",
      programName: null,
      prematch: null,
      prematchCaptures: false,
      regex: null,
      takesCaptured: false,
      fts: new Set(),
      dynamicNames: null,
    },
  };
}
