/** How OSSEC's decoders are written (decode-xml.c, docs/reference/ossec.md#decoders, #decoder-fields). */
import type { RegexOffset } from "../definitions.js";
import type { XmlElement } from "../xml/document.js";
import { codes } from "./codes.js";
import {
  type DecoderAttributeReader,
  offsets,
  readAccumulate,
  readParent,
  readPattern,
  readPlugin,
  readType,
  readUseOwnName,
} from "./decoder-elements.js";
import { ossecFields, parseFts, parseOrder } from "./decoder-fields.js";
import type { DecoderElementReader, DecoderLanguage } from "./decoder-language.js";
import { type DecoderReading, fail } from "./decoder-reading.js";

/** Of a program name no attribute is looked at. */
const noOffset: DecoderAttributeReader = (_reading, child, language) => ({
  language,
  offset: null,
  offsetPlace: child.content,
});

/** The first attribute is the offset; no other one is looked at. */
const firstIsOffset: DecoderAttributeReader = (reading, child, language) => {
  const [attribute] = child.attributes;
  if (attribute === undefined) return { language, offset: null, offsetPlace: child.content };
  return { language, offset: offsetOf(reading, child, attribute), offsetPlace: attribute.valuePlace };
};

function offsetOf(
  reading: DecoderReading,
  child: XmlElement,
  { name, nameStart, nameEnd, value, valuePlace }: XmlElement["attributes"][number],
): Exclude<RegexOffset, "none"> | null {
  if (name !== "offset") {
    const at = { source: reading.document.source, start: nameStart, end: nameEnd };
    fail(reading, codes.decoderElement, at, `<${child.name}> of a decoder has no attribute but offset`, {
      engineMessage: 2121,
    });
    return null;
  }
  const known = offsets.get(value);
  if (known !== undefined) return known;
  fail(reading, codes.decoderOffset, valuePlace, `there is no offset "${value}"`, {
    engineMessage: 2120,
    help: "An offset is after_parent, after_prematch or after_regex.",
  });
  return null;
}

const readOrder: DecoderElementReader = (reading, child) => {
  const order = parseOrder(child.value, reading.orderSize, ossecFields);
  if (order.ok) reading.order = order.fields;
  else {
    reading.order = [];
    fail(reading, codes.decoderValue, child.content, order.reason);
  }
};

const readFts: DecoderElementReader = (reading, child) => {
  const fts = parseFts(child.value);
  if (fts.ok) reading.fts = [...new Set([...reading.fts, ...fts.fields])];
  else fail(reading, codes.decoderValue, child.content, fts.reason);
};

export const ossecDecoders: DecoderLanguage = {
  elements: new Map<string, DecoderElementReader>([
    ["prematch", readPattern("prematch", "osregex", firstIsOffset)],
    ["prematch_pcre2", readPattern("prematchPcre2", "pcre2", firstIsOffset)],
    ["program_name", readPattern("programName", "osmatch", noOffset)],
    ["program_name_pcre2", readPattern("programNamePcre2", "pcre2", noOffset)],
    ["regex", readPattern("regex", "osregex", firstIsOffset)],
    ["pcre2", readPattern("regexPcre2", "pcre2", firstIsOffset)],
    ["parent", readParent],
    ["order", readOrder],
    ["fts", readFts],
    ["ftscomment", () => undefined],
    ["accumulate", readAccumulate],
    ["use_own_name", readUseOwnName],
    [
      "plugin_decoder",
      readPlugin(["PF_Decoder", "SymantecWS_Decoder", "SonicWall_Decoder", "OSSECAlert_Decoder"]),
    ],
  ]),
  exactElements: new Map([["type", readType]]),
  secondAttribute: null,
  textLimits: { first: Number.POSITIVE_INFINITY, joined: 8192 },
  withoutCaptures: "refused",
  pluginsInChains: false,
  builtInNames: [
    "rootcheck",
    "syscheck_integrity_changed",
    "syscheck_integrity_changed_2nd",
    "syscheck_integrity_changed_3rd",
    "syscheck_new_entry",
    "syscheck_deleted",
    "hostinfo_new",
    "hostinfo_modified",
  ],
  check: () => undefined,
};
