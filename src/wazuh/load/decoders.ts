/** How Wazuh's decoders are written (docs/reference/wazuh.md#decoders-of-wazuh, #json-decoder). */
import type { FieldSlot, FtsField, RegexOffset } from "../../ossec/definitions.js";
import { codes } from "../../ossec/load/codes.js";
import {
  type DecoderAttributeReader,
  offsets,
  readAccumulate,
  readParent,
  readPattern,
  readPlugin,
  readType,
  readUseOwnName,
} from "../../ossec/load/decoder-elements.js";
import { parseOrder, wordOf } from "../../ossec/load/decoder-fields.js";
import type { DecoderElementReader, DecoderLanguage } from "../../ossec/load/decoder-language.js";
import { type DecoderReading, fail, warn } from "../../ossec/load/decoder-reading.js";
import { lowerCase } from "../../ossec/load/text.js";
import type { PatternLanguage } from "../../ossec/patterns/index.js";
import type { XmlElement } from "../../ossec/xml/document.js";

/** Attributes of an element with a pattern; other attributes are not looked at. */
function attributesOf(known: readonly PatternLanguage[], offset: boolean): DecoderAttributeReader {
  return (reading, child, language) => ({
    language: languageOf(reading, child, known) ?? language,
    offset: offset ? offsetOf(reading, child) : null,
    offsetPlace: child.attributes.find(({ name }) => name === "offset")?.valuePlace ?? child.content,
  });
}

function languageOf(
  reading: DecoderReading,
  child: XmlElement,
  known: readonly PatternLanguage[],
): PatternLanguage | undefined {
  const attribute = child.attributes.find(({ name }) => name === "type");
  if (attribute === undefined) return undefined;
  const value = lowerCase(attribute.value);
  const language = known.find((one) => one === value);
  if (language === undefined) {
    warn(
      reading,
      codes.decoderValue,
      attribute.valuePlace,
      `type is ${known.join(" or ")} here, not "${attribute.value}": <${child.name}> is read as usual`,
      7601,
    );
  }
  return language;
}

/** Another word is said and counts as none. */
function offsetOf(reading: DecoderReading, child: XmlElement): Exclude<RegexOffset, "none"> | null {
  const attribute = child.attributes.find(({ name }) => name === "offset");
  if (attribute === undefined) return null;
  const known = offsets.get(lowerCase(attribute.value));
  if (known === undefined) {
    warn(
      reading,
      codes.decoderOffset,
      attribute.valuePlace,
      `there is no offset "${attribute.value}": <${child.name}> sees the whole text`,
      7601,
    );
  }
  return known ?? null;
}

const slots: ReadonlyMap<string, FieldSlot> = new Map<string, FieldSlot>([
  ["dstuser", "dstuser"],
  ["srcuser", "srcuser"],
  ["user", "dstuser"],
  ["srcip", "srcip"],
  ["dstip", "dstip"],
  ["srcport", "srcport"],
  ["dstport", "dstport"],
  ["protocol", "protocol"],
  ["action", "action"],
  ["id", "id"],
  ["url", "url"],
  ["data", "data"],
  ["extra_data", "extradata"],
  ["status", "status"],
  ["system_name", "systemname"],
]);

const readOrder: DecoderElementReader = (reading, { value, content }) => {
  const order = parseOrder(value, reading.orderSize, (word) => slots.get(word));
  if (order.ok) reading.order = order.fields;
  else {
    reading.order = [];
    fail(reading, codes.decoderValue, content, order.reason);
  }
};

/** `extra_data` asks for `data`. */
const ftsFields: ReadonlyMap<string, FtsField> = new Map<string, FtsField>([
  ["dstuser", "dstuser"],
  ["user", "dstuser"],
  ["srcuser", "srcuser"],
  ["srcip", "srcip"],
  ["dstip", "dstip"],
  ["id", "id"],
  ["location", "location"],
  ["data", "data"],
  ["extra_data", "data"],
  ["system_name", "systemname"],
  ["name", "name"],
]);

const readFts: DecoderElementReader = (reading, { value, content }) => {
  reading.ftsPlace = content;
  const words = value.split(",").map((entry) => {
    const word = wordOf(entry);
    return ftsFields.get(word) ?? { dynamic: word };
  });
  reading.fts = [...reading.fts, ...words.filter((word) => !reading.fts.includes(word))];
};

const readFtsComment: DecoderElementReader = (reading, { value }) => {
  reading.ftsComment = value;
};

const readPluginName = readPlugin([
  "PF_Decoder",
  "SymantecWS_Decoder",
  "SonicWall_Decoder",
  "OSSECAlert_Decoder",
  "JSON_Decoder",
]);

/** An offset that there is not is refused here. */
const readPluginDecoder: DecoderElementReader = (reading, child) => {
  readPluginName(reading, child);
  const attribute = child.attributes.find(({ name }) => name === "offset");
  if (attribute === undefined) return;
  const offset = offsets.get(lowerCase(attribute.value));
  if (offset !== undefined) reading.pluginOffset = offset;
  else {
    fail(reading, codes.decoderOffset, attribute.valuePlace, `there is no offset "${attribute.value}"`, {
      engineMessage: 2107,
    });
  }
};

const readNullField: DecoderElementReader = (reading, { value, content }) => {
  if (value === "string" || value === "discard") reading.json = { ...reading.json, nullField: value };
  else {
    warn(
      reading,
      codes.decoderValue,
      content,
      value === "empty"
        ? "json_null_field empty is deprecated: null stays a text"
        : `json_null_field is string or discard, not "${value}"`,
      value === "empty" ? 7603 : 7602,
    );
  }
};

const readArrays: DecoderElementReader = (reading, { value, content }) => {
  if (value === "array" || value === "csv") reading.json = { ...reading.json, arrays: value };
  else {
    warn(reading, codes.decoderValue, content, `json_array_structure is array or csv, not "${value}"`, 7602);
  }
};

/** Dynamic names of an `<fts>` are those of the order; a plugin's offset needs what it is behind. */
function check(reading: DecoderReading): void {
  const { element, order, fts, ftsPlace, pluginOffset, parent, patterns } = reading;
  const named = new Set(
    (order ?? []).flatMap((field) => (field.kind === "dynamic" ? [lowerCase(field.name)] : [])),
  );
  for (const field of fts) {
    if (typeof field === "string" || named.has(lowerCase(field.dynamic))) continue;
    fail(
      reading,
      codes.decoderValue,
      ftsPlace ?? element.opening,
      `fts knows no field "${field.dynamic}", and the order names none`,
    );
  }
  if (pluginOffset === "after_parent" && parent === null) {
    fail(reading, codes.decoderOffset, element.opening, "after_parent needs a parent", {
      engineMessage: 2120,
    });
  } else if (pluginOffset === "after_prematch" && parent !== null && patterns.prematch === null) {
    fail(
      reading,
      codes.decoderOffset,
      element.opening,
      "after_prematch in a child needs a prematch of its own; after_parent continues behind the parent's",
      { engineMessage: 2120 },
    );
  }
}

const regexAttributes = attributesOf(["osregex", "pcre2"], true);

export const wazuhDecoders: DecoderLanguage = {
  elements: new Map<string, DecoderElementReader>([
    ["prematch", readPattern("prematch", "osregex", regexAttributes)],
    [
      "program_name",
      readPattern("programName", "osmatch", attributesOf(["osregex", "osmatch", "pcre2"], false)),
    ],
    ["regex", readPattern("regex", "osregex", regexAttributes)],
    ["parent", readParent],
    ["order", readOrder],
    ["fts", readFts],
    ["ftscomment", readFtsComment],
    ["accumulate", readAccumulate],
    ["use_own_name", readUseOwnName],
    ["plugin_decoder", readPluginDecoder],
    ["json_null_field", readNullField],
    ["json_array_structure", readArrays],
  ]),
  exactElements: new Map([["type", readType]]),
  secondAttribute: "status",
  textLimits: { first: 1023, joined: 1024 },
  withoutCaptures: "loaded",
  pluginsInChains: true,
  builtInNames: [
    "rootcheck",
    "syscheck_integrity_changed",
    "syscheck_new_entry",
    "syscheck_deleted",
    "syscheck_registry_key_added",
    "syscheck_registry_key_modified",
    "syscheck_registry_key_deleted",
    "syscheck_registry_value_added",
    "syscheck_registry_value_modified",
    "syscheck_registry_value_deleted",
    "hostinfo_new",
    "hostinfo_modified",
    "syscollector",
    "ciscat",
    "windows_eventchannel",
    "sca",
  ],
  check,
};
