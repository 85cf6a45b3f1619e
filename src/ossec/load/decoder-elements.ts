/** Readers of decoder elements that dialects have in common (docs/reference/ossec.md#decoders). */
import type { EventType, PluginDecoder, RegexOffset } from "../definitions.js";
import type { PatternLanguage } from "../patterns/index.js";
import type { XmlElement } from "../xml/document.js";
import type { SourceRange } from "../xml/source.js";
import { codes } from "./codes.js";
import type { DecoderElementReader } from "./decoder-language.js";
import { type DecoderPattern, type DecoderReading, fail, fitsJoined, join } from "./decoder-reading.js";

/** What an element says of its pattern, beside its value. */
export interface DecoderPatternAttributes {
  readonly language: PatternLanguage;
  readonly offset: Exclude<RegexOffset, "none"> | null;
  readonly offsetPlace: SourceRange;
}

export type DecoderAttributeReader = (
  reading: DecoderReading,
  child: XmlElement,
  language: PatternLanguage,
) => DecoderPatternAttributes;

/** Joins the values of a name into a pattern. */
export function readPattern(
  name: DecoderPattern,
  language: PatternLanguage,
  attributes: DecoderAttributeReader,
): DecoderElementReader {
  return (reading, child) => {
    const { patterns } = reading;
    const said = attributes(reading, child, language);
    if (said.offset !== null) takeOffset(reading, child, name, said.offset, said.offsetPlace);
    const joined = patterns[name];
    if (!fitsJoined(reading, joined, child)) patterns[name] = null;
    else if (joined === null) {
      patterns[name] = {
        text: child.value,
        places: [child.content],
        language: said.language,
        tag: `<${child.name.toLowerCase()}>`,
      };
    } else {
      joined.text += child.value;
      joined.places.push(child.content);
      joined.language = said.language;
    }
  };
}

function takeOffset(
  reading: DecoderReading,
  child: XmlElement,
  name: DecoderPattern,
  offset: Exclude<RegexOffset, "none">,
  at: SourceRange,
): void {
  if (reading.patterns[name] !== null) {
    fail(reading, codes.decoderOffset, at, `only the first <${child.name}> may have an offset`, {
      engineMessage: 2109,
    });
  } else if (name === "prematch" || name === "prematchPcre2") {
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

export const offsets: ReadonlyMap<string, Exclude<RegexOffset, "none">> = new Map<
  string,
  Exclude<RegexOffset, "none">
>([
  ["after_parent", "after_parent"],
  ["after_prematch", "after_prematch"],
  ["after_regex", "after_regex"],
]);

export const readParent: DecoderElementReader = (reading, child) => {
  reading.parent = join(reading, reading.parent, child);
};

export const readAccumulate: DecoderElementReader = (reading) => {
  reading.accumulate = true;
};

/** Anything but the very word has no effect. */
export const readUseOwnName: DecoderElementReader = (reading, { value }) => {
  if (value === "true") reading.useOwnName = true;
};

const types: ReadonlyMap<string, EventType> = new Map<string, EventType>(
  (["firewall", "ids", "web-log", "syslog", "squid", "windows", "host-information", "ossec"] as const).map(
    (type) => [type, type],
  ),
);

export const readType: DecoderElementReader = (reading, { value, content }) => {
  const type = types.get(value);
  if (type === undefined) {
    fail(reading, codes.decoderValue, content, `there is no decoder type "${value}"`);
  } else reading.type = type;
};

export function readPlugin(names: readonly PluginDecoder[]): DecoderElementReader {
  const plugins: ReadonlyMap<string, PluginDecoder> = new Map(names.map((name) => [name, name]));
  return (reading, { value, content }) => {
    const plugin = plugins.get(value);
    if (plugin !== undefined) reading.plugin = plugin;
    else if (reading.plugin === null) {
      fail(reading, codes.decoderValue, content, `there is no plugin decoder "${value}"`, {
        engineMessage: 2110,
        help: `Known are ${names.join(", ")}.`,
      });
    }
  };
}
