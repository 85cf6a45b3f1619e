/** Decoder files (decode-xml.c, docs/reference/ossec.md#decoders). */

import type { PatternDefinition } from "../definitions.js";
import type { Dialect } from "../dialect.js";
import type { XmlDocument, XmlElement } from "../xml/document.js";
import { codes } from "./codes.js";
import { addDecoder, type DecoderDraft, type DecoderLists } from "./decoder-lists.js";
import { type DecoderPattern, type DecoderReading, fail, newReading } from "./decoder-reading.js";
import { asPattern, checkPattern, type JoinedText, type WrittenPatterns } from "./patterns.js";
import type { ProblemLog } from "./problems.js";
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
    const { secondAttribute } = context.dialect.decoders;
    const known = second !== undefined && lowerCase(second.name) === secondAttribute;
    const wrong = known ? element.attributes[2] : second;
    if (wrong !== undefined) {
      problems.report(
        codes.decoderElement,
        wrong.valuePlace,
        `a decoder has no attribute but name, so not ${wrong.name}`,
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
  const { patterns: written, orderSize } = context;
  const reading = newReading({ document, element, name, dialect, problems, written, orderSize });
  lists.names.add(name);
  for (const child of element.children) readElement(reading, child);
  checkShape(reading);
  dialect.decoders.check(reading);
  const draft = finishDecoder(reading, lists.all.length);
  lists.all.push(draft);
  const added = addDecoder(lists, draft, dialect.decoders, problems);
  if (!added && reading.parent !== null && !lists.byName.has(reading.parent.text)) {
    reportParent(reading, reading.parent, context);
  }
}

function reportParent(reading: DecoderReading, parent: JoinedText, context: DecoderContext): void {
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

function readElement(reading: DecoderReading, child: XmlElement): void {
  const { exactElements, elements } = reading.dialect.decoders;
  const name = lowerCase(child.name);
  // Where letter case counts another spelling is no element.
  const read = exactElements.get(child.name) ?? (exactElements.has(name) ? undefined : elements.get(name));
  if (read !== undefined) read(reading, child);
  else fail(reading, codes.decoderElement, child.opening, `a decoder has no element <${child.name}>`);
}

/** What the parts of a decoder need of one another. */
function checkShape(reading: DecoderReading): void {
  const { patterns, element } = reading;
  const opening = element.opening;
  const hasPrematch = patterns.prematch !== null || patterns.prematchPcre2 !== null;
  const hasProgram = patterns.programName !== null || patterns.programNamePcre2 !== null;
  const hasRegex = patterns.regex !== null || patterns.regexPcre2 !== null;
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

function compiled(reading: DecoderReading, name: DecoderPattern): PatternDefinition | null {
  const joined = reading.patterns[name];
  if (joined === null) return null;
  const pattern = asPattern(joined.language, joined, reading.written);
  const check = checkPattern(pattern, joined.places, reading, joined.tag);
  if (!check.ok) reading.failed = true;
  else if (
    (name === "regex" || name === "regexPcre2") &&
    check.withoutCaptures &&
    reading.dialect.decoders.withoutCaptures === "refused"
  ) {
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

function finishDecoder(reading: DecoderReading, index: number): DecoderDraft {
  const { document, element, patterns } = reading;
  const prematch = compiled(reading, "prematch");
  // Where the plain form is there the engine does not compile the other one, be it broken (docs/reference/ossec.md#corner-cases-of-analysis).
  const prematchPcre2 = prematch === null ? compiled(reading, "prematchPcre2") : null;
  const programName = compiled(reading, "programName");
  const programNamePcre2 = programName === null ? compiled(reading, "programNamePcre2") : null;
  const regex = compiled(reading, "regex");
  const pcre2 = regex === null ? compiled(reading, "regexPcre2") : null;
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
    programName: patterns.programName !== null || patterns.programNamePcre2 !== null,
    prematch: patterns.prematch !== null || patterns.prematchPcre2 !== null,
    regex: regex !== null,
    pcre2: pcre2 !== null,
    plugin: reading.plugin !== null,
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
    pluginOffset: reading.pluginOffset,
    json: reading.json,
    ftsComment: reading.ftsComment,
    getNext: false,
    refused: reading.failed,
    has,
    document,
    element,
  };
}
