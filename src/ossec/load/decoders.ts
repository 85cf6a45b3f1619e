/** Decoder files (decode-xml.c, docs/reference/ossec.md#decoders). */

import type { DiagnosticFactory } from "../../diagnostics/diagnostic.js";
import type {
  EventType,
  FtsField,
  JsonOptions,
  OrderField,
  PatternDefinition,
  PluginDecoder,
  RegexOffset,
} from "../definitions.js";
import type { Dialect } from "../dialect.js";
import type { XmlDocument, XmlElement } from "../xml/document.js";
import type { SourceRange } from "../xml/source.js";
import { codes } from "./codes.js";
import { parseFts, parseOrder } from "./decoder-fields.js";
import { addDecoder, type DecoderDraft, type DecoderLists } from "./decoder-lists.js";
import { asPattern, checkPattern, type JoinedText, type WrittenPatterns } from "./patterns.js";
import type { ProblemDetails, ProblemLog } from "./problems.js";
import { nothing } from "./rule-draft.js";
import { lowerCase } from "./text.js";

export interface DecoderContext {
  readonly dialect: Dialect;
  /** The internal option `decoder_order_size`. */
  readonly orderSize: number;
  readonly problems: ProblemLog;
  readonly lists: DecoderLists;
  readonly patterns: WrittenPatterns;
  /** A parent that was not found may lie in a file that was not given. */
  readonly open: boolean;
  /** Where the order of files is unknown: is a top-level decoder of that name defined in another file? */
  readonly elsewhere: (name: string, document: XmlDocument) => boolean;
}

/** The joined texts of one decoder are dropped when they grow longer (bytes, docs/reference/ossec.md#decoder-fields). */
const joinedLimit = 8192;

const types: ReadonlyMap<string, EventType> = new Map<string, EventType>(
  (["firewall", "ids", "web-log", "syslog", "squid", "windows", "host-information", "ossec"] as const).map(
    (type) => [type, type],
  ),
);

const plugins: ReadonlyMap<string, PluginDecoder> = new Map<string, PluginDecoder>(
  (["PF_Decoder", "SymantecWS_Decoder", "SonicWall_Decoder", "OSSECAlert_Decoder"] as const).map((name) => [
    name,
    name,
  ]),
);

const patternNames = [
  "prematch",
  "prematch_pcre2",
  "program_name",
  "program_name_pcre2",
  "regex",
  "pcre2",
] as const;
type PatternName = (typeof patternNames)[number];

const patternNameOf: ReadonlyMap<string, PatternName> = new Map<string, PatternName>(
  patternNames.map((name) => [name, name]),
);

/** OSSEC has no JSON decoder. */
const defaultJson: JsonOptions = { nullField: "string", arrays: "array" };

/** One decoder while its elements are read. */
interface Reading {
  readonly document: XmlDocument;
  readonly element: XmlElement;
  readonly name: string;
  readonly dialect: Dialect;
  readonly problems: ProblemLog;
  readonly written: WrittenPatterns;
  failed: boolean;
  parent: JoinedText | null;
  readonly patterns: { [Name in PatternName]: JoinedText | null };
  regexOffset: RegexOffset;
  prematchOffset: RegexOffset;
  regexOffsetPlace: SourceRange | null;
  order: readonly OrderField[] | null;
  fts: readonly FtsField[];
  type: EventType;
  useOwnName: boolean;
  accumulate: boolean;
  plugin: PluginDecoder | null;
}

function fail(
  reading: Reading,
  code: DiagnosticFactory,
  at: SourceRange,
  message: string,
  details?: ProblemDetails,
): void {
  reading.failed = true;
  reading.problems.report(code, at, message, details);
}

/** Reads all decoders of a file into the lists. */
export function readDecoders(document: XmlDocument, context: DecoderContext): void {
  const { problems } = context;
  for (const element of document.roots) {
    if (lowerCase(element.name) !== "decoder") {
      problems.report(
        codes.decoderElement,
        element.opening,
        `a decoder file holds <decoder> elements, not <${element.name}>`,
        { engineMessage: 1230 },
      );
      continue;
    }
    const first = element.attributes[0];
    if (first === undefined || lowerCase(first.name) !== "name") {
      problems.report(codes.decoderElement, element.opening, "the first attribute of a decoder is its name", {
        engineMessage: 1230,
      });
      continue;
    }
    const second = element.attributes[1];
    if (second !== undefined) {
      problems.report(
        codes.decoderElement,
        second.valuePlace,
        `a decoder has no attribute but name, so not ${second.name}`,
        { engineMessage: 1230 },
      );
    }
    if (element.closed) readDecoder(document, element, first.value, context);
  }
}

function readDecoder(
  document: XmlDocument,
  element: XmlElement,
  name: string,
  context: DecoderContext,
): void {
  const { dialect, problems, lists } = context;
  if (element.children.length === 0) {
    problems.report(codes.decoderShape, element.opening, `the decoder "${name}" has no elements`, {
      engineMessage: 1231,
    });
    return;
  }
  const patterns: Reading["patterns"] = {
    prematch: null,
    prematch_pcre2: null,
    program_name: null,
    program_name_pcre2: null,
    regex: null,
    pcre2: null,
  };
  const reading: Reading = {
    document,
    element,
    name,
    dialect,
    problems,
    written: context.patterns,
    failed: false,
    parent: null,
    patterns,
    regexOffset: "none",
    prematchOffset: "none",
    regexOffsetPlace: null,
    order: null,
    fts: nothing,
    type: "syslog",
    useOwnName: false,
    accumulate: false,
    plugin: null,
  };
  lists.names.add(name);
  for (const child of element.children) readElement(reading, child, context.orderSize);
  checkShape(reading);
  const draft = finishDecoder(reading, lists.all.length);
  lists.all.push(draft);
  const added = addDecoder(lists, draft, problems);
  if (!added && reading.parent !== null && !lists.byName.has(reading.parent.text)) {
    reportParent(reading, reading.parent, context);
  }
}

function reportParent(reading: Reading, parent: JoinedText, context: DecoderContext): void {
  if (context.elsewhere(parent.text, reading.document)) return;
  context.problems.report(
    codes.decoderParent,
    parent.places[0],
    `no top-level decoder "${parent.text}" is loaded before this one`,
    {
      engineMessage: 2101,
      unresolved: context.open && !definesChild(context.lists, parent.text) && parent.text !== reading.name,
    },
  );
}

/** A decoder of that name is there, but it is a child itself. */
function definesChild(lists: DecoderLists, name: string): boolean {
  return lists.all.some((decoder) => decoder.name === name && decoder.parent !== null);
}

/** Appends like the engine: what grows too long is dropped. */
function join(reading: Reading, joined: JoinedText | null, child: XmlElement): JoinedText | null {
  const at = child.content;
  if (joined === null) {
    const places: JoinedText["places"] = [at];
    return { text: child.value, places };
  }
  if (joined.text.length + child.value.length + 1 > joinedLimit) {
    reading.problems.report(
      codes.valueDropped,
      at,
      `the joined values of <${child.name}> are longer than ${joinedLimit} bytes, so all of them are dropped`,
      { outcome: "warning" },
    );
    return null;
  }
  joined.text += child.value;
  joined.places.push(at);
  return joined;
}

function readElement(reading: Reading, child: XmlElement, orderSize: number): void {
  const name = lowerCase(child.name);
  const patternName = patternNameOf.get(name);
  if (patternName !== undefined) {
    readPattern(reading, child, patternName);
    return;
  }
  switch (child.name === "type" ? "type" : name === "type" ? "" : name) {
    case "parent":
      reading.parent = join(reading, reading.parent, child);
      return;
    case "ftscomment":
      return;
    case "accumulate":
      reading.accumulate = true;
      return;
    case "use_own_name":
      if (child.value === "true") reading.useOwnName = true;
      return;
    case "plugin_decoder": {
      const plugin = plugins.get(child.value);
      if (plugin !== undefined) reading.plugin = plugin;
      else if (reading.plugin === null) {
        fail(reading, codes.decoderValue, child.content, `there is no plugin decoder "${child.value}"`, {
          engineMessage: 2110,
          help: `Known are ${[...plugins.keys()].join(", ")}.`,
        });
      }
      return;
    }
    case "type": {
      const type = types.get(child.value);
      if (type === undefined) {
        fail(reading, codes.decoderValue, child.content, `there is no decoder type "${child.value}"`);
      } else reading.type = type;
      return;
    }
    case "order": {
      const order = parseOrder(child.value, orderSize);
      if (order.ok) reading.order = order.fields;
      else {
        reading.order = [];
        fail(reading, codes.decoderValue, child.content, order.reason);
      }
      return;
    }
    case "fts": {
      const fts = parseFts(child.value);
      if (fts.ok) reading.fts = [...new Set([...reading.fts, ...fts.fields])];
      else fail(reading, codes.decoderValue, child.content, fts.reason);
      return;
    }
    default:
      fail(reading, codes.decoderElement, child.opening, `a decoder has no element <${child.name}>`);
  }
}

/** The offset of an element; null where the engine stops. Only the first attribute is looked at. */
function readOffset(reading: Reading, child: XmlElement): RegexOffset | null {
  const attribute = child.attributes[0];
  if (attribute === undefined) return "none";
  if (attribute.name !== "offset") {
    const at = { source: reading.document.source, start: attribute.nameStart, end: attribute.nameEnd };
    fail(reading, codes.decoderElement, at, `<${child.name}> of a decoder has no attribute but offset`, {
      engineMessage: 2121,
    });
    return null;
  }
  const { value } = attribute;
  if (value === "after_parent" || value === "after_prematch" || value === "after_regex") return value;
  fail(reading, codes.decoderOffset, attribute.valuePlace, `there is no offset "${value}"`, {
    engineMessage: 2120,
    help: "An offset is after_parent, after_prematch or after_regex.",
  });
  return null;
}

function readPattern(reading: Reading, child: XmlElement, name: PatternName): void {
  const { patterns } = reading;
  if (name !== "program_name" && name !== "program_name_pcre2") {
    const offset = readOffset(reading, child);
    const attribute = child.attributes[0];
    if (offset !== null && offset !== "none" && attribute !== undefined) {
      const at = attribute.valuePlace;
      if (patterns[name] !== null) {
        fail(reading, codes.decoderOffset, at, `only the first <${child.name}> may have an offset`, {
          engineMessage: 2109,
        });
      } else if (name === "prematch" || name === "prematch_pcre2") {
        reading.prematchOffset = offset;
        if (offset !== "after_parent") {
          fail(reading, codes.decoderOffset, at, "a prematch can only have offset after_parent", {
            engineMessage: 2107,
          });
        }
      } else {
        reading.regexOffset = offset;
        reading.regexOffsetPlace = at;
      }
    }
  }
  patterns[name] = join(reading, patterns[name], child);
}

/** What the parts of a decoder need of one another. */
function checkShape(reading: Reading): void {
  const { patterns, element } = reading;
  const opening = element.opening;
  const hasPrematch = patterns.prematch !== null || patterns.prematch_pcre2 !== null;
  const hasProgram = patterns.program_name !== null || patterns.program_name_pcre2 !== null;
  const hasRegex = patterns.regex !== null || patterns.pcre2 !== null;
  const hasParent = reading.parent !== null;
  if (!hasPrematch && !hasParent && !hasProgram) {
    fail(
      reading,
      codes.decoderShape,
      opening,
      `the decoder "${reading.name}" needs a prematch, a program_name or a parent`,
      { engineMessage: 2108 },
    );
  }
  if (!hasRegex && reading.order !== null) {
    fail(reading, codes.decoderShape, opening, `the decoder "${reading.name}" has an order but no regex`, {
      engineMessage: 2107,
    });
  } else if (!hasRegex && reading.fts.length > 0) {
    fail(reading, codes.decoderShape, opening, `the decoder "${reading.name}" has fts but no regex`, {
      engineMessage: 2107,
    });
  } else if (hasRegex && reading.order === null) {
    fail(reading, codes.decoderShape, opening, `the decoder "${reading.name}" has a regex but no order`, {
      engineMessage: 2107,
    });
  }
  const offsetPlace = reading.regexOffsetPlace ?? opening;
  if (reading.regexOffset === "after_parent" && !hasParent) {
    fail(reading, codes.decoderOffset, offsetPlace, "after_parent needs a parent", { engineMessage: 2120 });
  } else if (reading.regexOffset === "after_prematch" && hasParent && !hasPrematch) {
    fail(
      reading,
      codes.decoderOffset,
      offsetPlace,
      "after_prematch in a child needs a prematch of its own; after_parent continues behind the parent's",
      { engineMessage: 2120 },
    );
  } else if (reading.regexOffset === "after_regex" && !hasParent) {
    fail(reading, codes.decoderOffset, offsetPlace, "after_regex needs a parent", { engineMessage: 2120 });
  }
  if (reading.prematchOffset === "after_parent" && !hasParent) {
    fail(
      reading,
      codes.decoderOffset,
      patterns.prematch?.places[0] ?? opening,
      "a prematch after_parent needs a parent",
      { engineMessage: 2120 },
    );
  }
}

function compiled(
  reading: Reading,
  name: PatternName,
  language: PatternDefinition["language"],
): PatternDefinition | null {
  const joined = reading.patterns[name];
  if (joined === null) return null;
  const pattern = asPattern(language, joined, reading.written);
  const check = checkPattern(pattern, joined.places, reading, `<${name}>`);
  if (!check.ok) reading.failed = true;
  else if ((name === "regex" || name === "pcre2") && check.withoutCaptures) {
    fail(
      reading,
      codes.decoderCaptures,
      joined.places[0],
      "the engine keeps no captures for this pattern: put a group ( ) around what the order names",
      { engineMessage: 1451 },
    );
  }
  return pattern;
}

function finishDecoder(reading: Reading, index: number): DecoderDraft {
  const { document, element, patterns } = reading;
  const prematch = compiled(reading, "prematch", "osregex");
  // Where the plain form is there the engine does not compile the other one, be it broken (docs/reference/ossec.md#corner-cases-of-analysis).
  const prematchPcre2 = prematch === null ? compiled(reading, "prematch_pcre2", "pcre2") : null;
  const programName = compiled(reading, "program_name", "osmatch");
  const programNamePcre2 = programName === null ? compiled(reading, "program_name_pcre2", "pcre2") : null;
  const regex = compiled(reading, "regex", "osregex");
  const pcre2 = regex === null ? compiled(reading, "pcre2", "pcre2") : null;
  if (reading.plugin !== null && (regex !== null || pcre2 !== null || reading.order !== null)) {
    fail(
      reading,
      codes.decoderShape,
      element.opening,
      `the plugin decoder "${reading.name}" cannot have a regex or an order`,
      { engineMessage: 2111 },
    );
  }
  const parent = reading.parent?.text ?? null;
  const has = {
    programName: patterns.program_name !== null || patterns.program_name_pcre2 !== null,
    prematch: patterns.prematch !== null || patterns.prematch_pcre2 !== null,
    regex: regex !== null,
    pcre2: pcre2 !== null,
  };
  return {
    index,
    name: reading.name,
    reportedName: reading.name,
    parent,
    programName: programName ?? programNamePcre2,
    prematch: prematch ?? prematchPcre2,
    prematchOffset: reading.prematchOffset === "none" ? "none" : "after_parent",
    regex: regex ?? pcre2,
    regexOffset: reading.regexOffset,
    order: reading.order,
    fts: reading.fts,
    type: reading.type,
    useOwnName: reading.useOwnName,
    accumulate: reading.accumulate,
    plugin: reading.plugin,
    pluginOffset: "none",
    json: defaultJson,
    ftsComment: null,
    getNext: false,
    refused: reading.failed,
    has,
    document,
    element,
  };
}
