/** Internal options that analysis depends on: etc/local_internal_options.conf, then etc/internal_options.conf. */
import { latin1, type OssecSource } from "../../files/ossec-source.js";
import type { InternalOptions } from "../definitions.js";
import type { Dialect } from "../dialect.js";
import { type SourceText, sourceText } from "../xml/source.js";
import { codes } from "./codes.js";
import { engines, type ProblemLog } from "./problems.js";
import { isDigits } from "./text.js";

interface WrittenValue {
  readonly source: SourceText;
  readonly start: number;
  readonly text: string;
}

/** `analysisd.name=value` lines by their name; the first one of a name counts. A comment or a blank begins no such line. */
function valuesOf(source: SourceText): ReadonlyMap<string, WrittenValue> {
  const values = new Map<string, WrittenValue>();
  const prefix = "analysisd.";
  let start = 0;
  for (const line of source.text.split("\n")) {
    const equals = line.indexOf("=");
    if (line.startsWith(prefix) && equals >= 0) {
      const name = line.slice(prefix.length, equals);
      const text = line.slice(equals + 1).replace(/\r.*$/s, "");
      if (!values.has(name)) values.set(name, { source, start: start + equals + 1, text });
    }
    start += line.length + 1;
  }
  return values;
}

const paths = ["etc/local_internal_options.conf", "etc/internal_options.conf"] as const;

/** Reads the options of a home; what it does not set is as shipped. The engine stops at a wrong number (2302). */
export function readInternalOptions(
  source: OssecSource,
  dialect: Dialect,
  problems: ProblemLog,
): InternalOptions {
  const options = { ...dialect.loading.options };
  const files = paths.flatMap((path) => {
    const bytes = source.read(path);
    if (!(bytes instanceof Uint8Array)) return [];
    return [valuesOf(sourceText(source.display?.(path) ?? path, latin1(bytes)))];
  });
  for (const { option, name, least, most } of dialect.loading.optionRanges) {
    const written = files.find((values) => values.has(name))?.get(name);
    if (written === undefined) continue;
    const { start, text } = written;
    const value = Number(text);
    if (isDigits(text) && value >= least && value <= most) options[option] = value;
    else {
      problems.report(
        codes.confValue,
        { source: written.source, start, end: start + text.length },
        `analysisd.${name} is a number from ${least} to ${most}, not "${text}"`,
        // Only the daemon logs firewall events.
        { engineMessage: 2302, programs: option === "logFirewall" ? ["analysisd"] : engines },
      );
    }
  }
  return options;
}
